import { useEffect } from "react";

const KEPT = "carehub.left";

// Leaves the app for another page, once for each wish: `to` is kept in the tab's state, which outlives the page.
export function Leave({ to }) {
  useEffect(() => {
    if (!to || sessionStorage.getItem(KEPT) === to) return;
    sessionStorage.setItem(KEPT, to);
    location.assign(to.split("#")[0]);
  }, [to]);
  return null;
}
