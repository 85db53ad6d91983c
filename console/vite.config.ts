import { defineConfig } from "vitest/config";

// Four pages, no inlined assets: the site's content security policy allows its own files only.
export default defineConfig({
  base: "/",
  build: {
    outDir: "../src/footlight/console_dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { portal: "index.html", session: "session.html", recording: "recording.html", docs: "docs.html" },
    },
  },
  worker: { format: "es" },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
