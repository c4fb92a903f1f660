// The workspace's grid. Its stylesheet comes with it, so public pages never load it.
import "../css/table.css";
import "../css/work.css";
import { useEffect } from "react";
import { Link, Navigate, useLocation, useParams } from "react-router";
import { setWords } from "$/public/i18n.js";

export function Workspace({ words, accent, narrow, children }) {
  useEffect(() => { if (words && Object.keys(words).length) setWords(words); }, [words]);
  return <div className={narrow ? "shell rail" : "shell"} data-density="compact" data-accent={accent ? "" : undefined} style={accent ? { "--accent": accent } : undefined}>{children}</div>;
}

export function WorkLink({ to, ...props }) {
  const { tenant } = useParams();
  const { pathname } = useLocation();
  const address = `/w/${tenant}/${to}`;
  const path = address.split("?")[0];
  const current = pathname === path || (to && pathname.startsWith(`${path}/`));
  return <Link to={address} aria-current={current ? "page" : undefined} {...props} />;
}

// Leads on to another page of the workspace.
export function WorkForward({ to }) {
  const { tenant } = useParams();
  return <Navigate to={`/w/${tenant}/${to}`} replace />;
}

// /w/<tenant>/ leads to the first page of the menu that the person may open.
export function WorkHome({ pages, permissions }) {
  const { tenant } = useParams();
  const first = pages.find((page) => page.permission.split("|").some((name) => permissions.includes(name)));
  return first ? <Navigate to={`/w/${tenant}/${first.to}`} replace /> : null;
}
