/** The console: one application, drawn by who signs in and by the address. */

import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./theme.css";

import { createRoot } from "react-dom/client";
import { App } from "./app";
import { takeLink } from "./frame/link_kept";

export function start(): void {
  const link = takeLink();
  if (link !== null) history.replaceState(null, "", location.pathname + location.search + link);
  const root = document.getElementById("root");
  if (root !== null) createRoot(root).render(<App />);
}
