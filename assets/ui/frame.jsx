// What stands around every page: title in the reader's language, our own error boundary, the connection bar, toasts.
import { Component, useContext, useEffect } from "react";
import { useLocation } from "react-router";
import { EventLoopContext } from "$/utils/context";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

// At an organisation's own address only its pages are drawn here; a link to anything else asks the server, which knows where it stands.
const HERE = /^\/(t|booking|sign-in|sign-up|recover|check-mail)(\/|$)/;
function leaveSite(event) {
  const link = event.target.closest?.("a[href]");
  if (!document.documentElement.dataset.site || !link || link.target || link.origin !== location.origin || HERE.test(link.pathname)) return;
  event.preventDefault();
  event.stopPropagation();
  location.assign(link.href);
}
if (typeof document !== "undefined") document.addEventListener("click", leaveSite, true);

export function PageTitle({ title, suffix = "CareHub" }) {
  const t = useT();
  const text = t(title);
  useEffect(() => {
    document.querySelectorAll("[data-ssr]").forEach((node) => node.remove());
    const house = document.documentElement.dataset.site ?? suffix;
    document.title = text === house ? text : `${text} · ${house}`;
    document.querySelectorAll(".logo").forEach((logo) => logo.parentElement.setAttribute("aria-label", house));
  }, [text, suffix]);
  return null;
}

function Broken() {
  const t = useT();
  return (
    <main id="main" className="state" role="alert">
      <Icon name="cloud-alert" size="xl" className="glyph" />
      <h1 className="t-1">{t("This page has stopped working")}</h1>
      <p>{t("What you saved is kept. Load the page again to go on.")}</p>
      <button type="button" className="btn btn-p" onClick={() => location.reload()}>{t("Load again")}</button>
    </main>
  );
}

class Boundary extends Component {
  state = { broken: false };
  static getDerivedStateFromError() { return { broken: true }; }
  componentDidUpdate(before) { if (before.at !== this.props.at && this.state.broken) this.setState({ broken: false }); }
  render() { return this.state.broken ? <Broken /> : this.props.children; }
}

export const ErrorBoundary = ({ children }) => <Boundary at={useLocation().pathname}>{children}</Boundary>;

// Two failed attempts in a row: a blink of the network is nobody's business.
export function ConnectionBar() {
  const t = useT();
  const [, errors] = useContext(EventLoopContext) ?? [null, []];
  if (errors.length < 2) return null;
  return (
    <div role="status" className="fixed inset-x-0 top-0 z-[var(--z-toast)] flex items-center justify-center gap-2 bg-danger-soft p-2 text-sm text-danger">
      <Icon name="wifi-off" /><strong className="b">{t("Connection lost")}</strong><span>{t("What you typed is kept. Trying again…")}</span>
    </div>
  );
}

const marks = { success: "check", error: "circle-alert", info: "info" };

// Errors stay until dismissed and are announced at once; the rest leave by themselves, unless pointed at or focused.
export function Toaster({ queue, onDismiss }) {
  const t = useT();
  const last = queue.at(-1);
  return (
    <section aria-label={t("Messages")} className="toasts">
      <ol aria-live="polite" className="col" onKeyDown={(event) => event.key === "Escape" && last && onDismiss(last.id)}>
        {queue.map(({ id, level, key, params }) => (
          <li key={id} className={`toast is-${level}`} onAnimationEnd={(event) => event.animationName === "kit-leave" && onDismiss(id)}>
            <Icon name={marks[level] ?? "info"} />
            <p className="grow" role={level === "error" ? "alert" : undefined}>{t(key, params)}</p>
            <button type="button" aria-label={t("Close")} className="btn btn-sm btn-icon" onClick={() => onDismiss(id)}><Icon name="x" size="sm" /></button>
          </li>
        ))}
      </ol>
    </section>
  );
}
