import { createContext, useContext, useEffect, useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";
import { forget, isKeeping, keep, leadsToProof, putBack } from "./kept.js";

const Errors = createContext({});
const query = (name) => (typeof location === "undefined" ? "" : new URLSearchParams(location.search).get(name) ?? "");

const post = (action, fields) =>
  fetch(action, { method: "POST", headers: { "content-type": "application/json", accept: "application/json" }, body: JSON.stringify(fields) });

function about() {
  return { locale: document.documentElement.lang || "en", time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

// Posts to our own routes, which set the cookie; then a full navigation opens a socket that carries it. What was typed stays on a refusal.
export function AuthForm({ action, carry, fixed, submitLabel, kind, children }) {
  const t = useT();
  const form = useRef(null);
  const [errors, setErrors] = useState({});
  const [said, setSaid] = useState("");
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  useEffect(() => { putBack(form.current); }, []);
  // A new page opens a socket with the new cookie; a proof changes no cookie, so what other forms hold stays in this tab.
  const go = (next) => {
    if (leadsToProof(next)) keep(form.current);
    else forget(form.current);
    return leadsToProof(next) || (action === "/api/me/prove" && isKeeping()) ? navigate(next) : location.assign(next);
  };
  useEffect(() => {
    for (const control of form.current.elements) {
      if (!control.name) continue;
      const wrong = Boolean(errors[control.name]);
      control.setAttribute("aria-invalid", wrong);
      control.closest("span.input")?.classList.toggle("is-bad", wrong);
    }
    form.current.querySelector("[aria-invalid=true]")?.focus();
  }, [errors]);
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setSaid("");
    const fields = { ...about(), ...Object.fromEntries(new FormData(form.current)), ...fixed };
    for (const name of carry ?? []) fields[name] = query(name);
    try {
      const answer = await post(action, fields);
      const body = await answer.json();
      if (answer.ok) return go(body.next);
      const wrong = Object.fromEntries((body.errors ?? []).map((one) => [one.field, one.message]));
      setErrors(wrong);
      setSaid(Object.keys(wrong).some((name) => (form.current.elements[name]?.type ?? "hidden") !== "hidden") ? "" : body.detail);
    } catch {
      setSaid(t("The server did not answer. What you typed is still here."));
    }
    setBusy(false);
  };
  return (
    <Errors.Provider value={errors}>
      <form ref={form} className="col g-4" method="post" action={action} noValidate onSubmit={send} aria-busy={busy}>
        {said && <p className="banner is-bad" role="alert"><Icon name="circle-alert" /><span className="grow">{said}</span></p>}
        {children}
        <button type="submit" className={`btn ${kind === "danger" ? "btn-d" : kind === "quiet" ? "btn-s" : "btn-p"} btn-block`} disabled={busy}>{busy && <span className="spin" aria-hidden="true" />}{submitLabel}</button>
      </form>
    </Errors.Provider>
  );
}

export function AuthField({ name, label, help, optional, children }) {
  const t = useT();
  const wrong = useContext(Errors)[name];
  return (
    <div className="field">
      <label className="label" htmlFor={name}>{label}{optional && <span className="i3"> ({t("optional")})</span>}</label>
      {children}
      {wrong ? <p className="error" id={`${name}-error`}><Icon name="circle-alert" size="sm" />{wrong}</p> : help && <p className="help" id={`${name}-help`}>{help}</p>}
    </div>
  );
}

export function AuthCheck({ name, children }) {
  const wrong = useContext(Errors)[name];
  return (
    <div className="field">
      <label className="check"><input type="checkbox" name={name} aria-describedby={`${name}-error`} /><span>{children}</span></label>
      {wrong && <p className="error" id={`${name}-error`}><Icon name="circle-alert" size="sm" />{wrong}</p>}
    </div>
  );
}

// A link that keeps where the person was going, and whether they stay signed in.
export function OnwardLink({ to, children, className }) {
  const [onward, setOnward] = useState("");
  useEffect(() => {
    const kept = ["next", "stay"].map((name) => [name, query(name)]).filter(([, value]) => value);
    if (kept.length) setOnward(`?${new URLSearchParams(kept)}`);
  }, []);
  return <Link to={to + onward} className={className ?? "link"}>{children}</Link>;
}

// The address that the mail went to, and another mail after a minute.
export function MailSent() {
  const t = useT();
  const [told, setTold] = useState({ email: "", why: "", next: "" });
  const [left, setLeft] = useState(60);
  const [said, setSaid] = useState("");
  useEffect(() => setTold({ email: query("email"), why: query("why"), next: query("next") }), []);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  const recover = told.why === "recover";
  const again = async () => {
    setLeft(60);
    try {
      const answer = await post(recover ? "/api/recover" : "/api/verify/resend", { email: told.email, next: told.next });
      setSaid(answer.ok ? t("Another mail is on its way.") : (await answer.json()).detail);
    } catch {
      setSaid(t("The server did not answer. Try again in a moment."));
    }
  };
  return (
    <div className="col g-4">
      <p className="i2">{recover ? t("If this address has an account, a link to choose a new password has just left for") : t("A link to confirm your address has just left for")} <bdi className="b">{told.email}</bdi></p>
      {told.email && <button type="button" className="btn btn-s btn-block" disabled={left > 0} onClick={again}>{left > 0 ? t("Send again in {s} s", { s: left }) : t("Send again")}</button>}
      <p role="status" className="t-sm i2">{said}</p>
    </div>
  );
}
