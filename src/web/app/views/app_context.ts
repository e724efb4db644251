/** Hands the page's state and controllers to all views. The value never changes, so that it causes no render. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { PageApp } from "../controllers/start_app.ts";

/** Provided once, by main.tsx. */
export const AppContext = createContext<PageApp | null>(null);

/** The state and the controllers. */
export function useApp(): PageApp {
  const app = useContext(AppContext);
  if (app === null) throw new Error("A view stands outside of AppContext");
  return app;
}
