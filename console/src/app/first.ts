/**
 * The first script of a page, and a small one: it asks at once for what the page will need, so that the application's
 * files, the page's own, who is signed in and the first rows are all on their way together.
 */

import { callAhead } from "../api/site";
import { readAt } from "./files";
import { NEWEST, PAGE } from "./table/newest";

callAhead("GET /footlight/v1/me");
const { pathname, search } = location;
if (pathname === "/console/sessions" && search === "") {
  callAhead("POST /footlight/v1/sessions/$search", { query: { limit: PAGE, skip: 0 }, body: NEWEST });
}
const page = readAt(pathname);
void Promise.all([import("./main"), page]).then(([{ start }]) => start());
