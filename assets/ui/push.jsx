// Asks the browser for push only when somebody presses the button, and says plainly when it cannot.
import { useEffect, useState } from "react";
import { useT } from "$/public/i18n.js";

const WORKER = "/push-worker.js";
const able = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const bytes = (key) => Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const current = async () => (await (await navigator.serviceWorker.getRegistration(WORKER))?.pushManager.getSubscription()) ?? null;

async function enter(pushKey) {
  await navigator.serviceWorker.register(WORKER);
  const ready = await navigator.serviceWorker.ready;
  const made = await ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(pushKey) });
  const { endpoint, keys } = made.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth, user_agent: navigator.userAgent };
}

export function PushSwitch({ pushKey, count, onSubscribed, onLeft }) {
  const t = useT();
  const [state, setState] = useState("");
  const look = async () => setState(!able() ? "unable" : Notification.permission === "denied" ? "denied" : (await current()) ? "on" : "off");
  useEffect(() => { look(); }, [count]);
  const start = async () => {
    setState("busy");
    try {
      if ((await Notification.requestPermission()) === "granted") onSubscribed(await enter(pushKey));
      await look();
    } catch {
      setState("failed");
    }
  };
  const stop = async () => {
    const one = await current();
    if (one) { onLeft(one.endpoint); await one.unsubscribe(); }
    await (await navigator.serviceWorker.getRegistration(WORKER))?.unregister();
    await look();
  };
  const said = {
    unable: t("This browser shows no notifications. On an iPhone, add CareHub to the home screen first."),
    denied: t("This browser blocks notifications of this page. Allow them in its settings, then come back."),
    failed: t("This browser could not be set up. Please try again."),
  }[state];
  return (
    <div className="col g-2" aria-live="polite">
      {said && <p className="help">{said}</p>}
      {state === "on"
        ? <button type="button" className="btn btn-s" onClick={stop}>{t("Stop in this browser")}</button>
        : <button type="button" className="btn btn-s" onClick={start} disabled={!pushKey || ["unable", "denied", "busy", ""].includes(state)}>{t("Show them in this browser")}</button>}
    </div>
  );
}
