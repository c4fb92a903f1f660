// What visitors will see, following the fields of the settings' form as they are typed; and how well the colour reads.
import { useEffect, useRef, useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

const pen = () => document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function luminance(context, colour) {
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const light = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((one) => { const v = one / 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
  return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
}

function contrast(one, other) {
  const context = pen();
  const [dark, bright] = [luminance(context, one), luminance(context, other)].sort((a, b) => a - b);
  return Math.round(((bright + 0.05) / (dark + 0.05)) * 10) / 10;
}

function Figure({ label, value }) {
  const t = useT();
  const good = value >= 4.5;
  return <span className="row g-1h t-sm"><span className={good ? "ok-t" : "bad-t"}><Icon name={good ? "circle-check" : "circle-alert"} size="sm" /></span>{label} <b className="num">{t.number(value)}</b>{!good && <span className="bad-t">{t("Hard to read")}</span>}</span>;
}

export function BrandPreview({ name, initials, logo, values }) {
  const t = useT();
  const box = useRef(null);
  const [typed, setTyped] = useState({});
  const [figures, setFigures] = useState(null);
  useEffect(() => {
    const place = box.current.closest("[data-settings]");
    const look = (event) => { if (event.target.form) setTyped(Object.fromEntries(new FormData(event.target.form))); };
    const forget = () => setTyped({});
    place.addEventListener("input", look);
    place.addEventListener("reset", forget);
    return () => { place.removeEventListener("input", look); place.removeEventListener("reset", forget); };
  }, []);
  const shown = { ...values, ...typed };
  useEffect(() => {
    const waited = setTimeout(() => {
      const [button, link] = [box.current.querySelector(".btn-p"), box.current.querySelector(".link")].map((one) => getComputedStyle(one));
      setFigures([contrast(button.color, button.backgroundColor), contrast(link.color, getComputedStyle(box.current.querySelector(".pv")).backgroundColor)]);
    }, 150);
    return () => clearTimeout(waited);
  }, [shown.accent]);
  return (
    <aside className="prev col g-3" aria-label={t("Preview")} ref={box} data-accent="" style={{ "--accent": shown.accent }}>
      <h2 className="t-sm b">{t("Preview")}</h2>
      <div className="pv" data-accent="" style={{ "--accent": shown.accent }}>
        <div className="row p-3 border-b border-line">
          {logo ? <img src={logo} alt="" className="size-8 object-contain" /> : <span className="side-mark size-8 rounded-lg" aria-hidden="true">{initials}</span>}
          <bdi className="b clip">{shown.name || name}</bdi>
          <span className="end btn btn-p btn-sm" aria-hidden="true">{t("Book an appointment")}</span>
        </div>
        <div className="col g-3 p-4">
          {shown.tagline && <p className="t-md b"><bdi>{shown.tagline}</bdi></p>}
          {shown.about && <p className="i2 t-sm whitespace-pre-line line-clamp-6" dir="auto">{shown.about}</p>}
          <span><span className="link">{t("See the appointment")}</span></span>
        </div>
      </div>
      {figures && <div className="row wrap g-3" role="status"><Figure label={t("Buttons")} value={figures[0]} /><Figure label={t("Links")} value={figures[1]} /></div>}
      <p className="help">{t("Contrast of 4.5 or more is easy to read. Shades are drawn from your colour so that text stays above it.")}</p>
    </aside>
  );
}
