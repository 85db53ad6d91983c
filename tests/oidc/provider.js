// A real OpenID Connect provider on a loopback port, for tests alone: whoever names himself is let in.
// Prints {"issuer": URL} once it listens, and ends with its standard input. Its client and its people come by
// POST /_setup {clientId, clientSecret, redirectUri, backUri} and POST /_people {SUBJECT: CLAIMS}: the site that is its
// client knows its own port only when it runs.

import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const MAX_CHARACTERS = 1_000_000;

let people = {};
let serve = (request, response) => response.writeHead(503).end();

const server = createServer((request, response) => {
  const control = request.method === "POST" ? controls[request.url] : undefined;
  if (control === undefined) serve(request, response);
  else {
    bodyOf(request).then(
      (given) => {
        control(given);
        response.writeHead(204).end();
      },
      () => response.writeHead(400).end(),
    );
  }
});

const controls = {
  "/_setup": (given) => {
    serve = providerFor(given).callback();
  },
  "/_people": (given) => {
    people = given;
  },
};

async function bodyOf(request) {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_CHARACTERS) throw new Error("too long");
  }
  return JSON.parse(text);
}

function providerFor({ clientId, clientSecret, redirectUri, backUri }) {
  return new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [backUri],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"], email: ["email"] },
    cookies: { keys: [clientSecret] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    findAccount: (_context, sub) =>
      people[sub] === undefined
        ? undefined
        : { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
  });
}

await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
process.stdout.write(`${JSON.stringify({ issuer })}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
