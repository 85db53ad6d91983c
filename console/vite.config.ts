import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * Few files, each with what is needed together: a small one would be a request of its own. A group takes along all that
 * its modules import and no group before it has taken.
 */
const GROUPS = [
  // What the first script shares with all else.
  { name: "api", test: /src\/(api|parts)\/|src\/app\/(files|table\/newest)\.ts$/ },
  { name: "icons", test: /lucide-react/ },
  { name: "console", test: /src\/app\/main\.tsx$/ },
  { name: "list", test: /src\/app\/table\/(list|searched_rows)\.tsx?$/ },
];

/** The page names the application's files itself, so that they don't wait until the first script has come and asks for them. */
const preloads: Plugin = {
  name: "preloads",
  transformIndexHtml: {
    order: "post",
    handler: (_, { path, bundle = {} }) => {
      if (path !== "/index.html") return [];
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const main = chunks.find((chunk) => chunk.facadeModuleId?.endsWith("/src/app/main.tsx"));
      const wanted = new Set(main === undefined ? [] : [main]);
      for (const one of wanted) for (const name of one.imports) for (const chunk of chunks) if (chunk.fileName === name) wanted.add(chunk);
      const styles = [...wanted].flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]);
      const link = (attrs: Record<string, string>) => ({ tag: "link", attrs: { crossorigin: "", ...attrs }, injectTo: "head" as const });
      return [
        ...[...wanted].map((chunk) => link({ rel: "modulepreload", href: `/${chunk.fileName}` })),
        ...styles.map((name) => link({ rel: "preload", as: "style", href: `/${name}` })),
      ];
    },
  },
};

// The console (index.html) and the pages beside it; no inlined assets: the site's content security policy allows its own files only.
export default defineConfig({
  plugins: [react(), preloads],
  base: "/",
  build: {
    outDir: "../src/footlight/console_dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { codeSplitting: { groups: GROUPS } },
      input: { console: "index.html", docs: "docs.html" },
    },
  },
  worker: { format: "es" },
  test: { include: ["tests/**/*.test.{ts,tsx}"], environment: "node" },
});
