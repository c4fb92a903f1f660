import { useEffect, useRef, useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

const MOST = 5_000_000;

// One picture, shown as it will look; it stays in the browser.
function Picture({ name, label, help, empty, round, onPick }) {
  const t = useT();
  const [shown, setShown] = useState("");
  const [said, setSaid] = useState("");
  useEffect(() => () => shown && URL.revokeObjectURL(shown), [shown]);
  const pick = (event) => {
    const [picked] = event.target.files;
    if (!picked) return;
    const fits = picked.type.startsWith("image/") && picked.size <= MOST;
    setSaid(fits ? "" : t("Choose a picture of 5 MB at most"));
    setShown(fits ? URL.createObjectURL(picked) : "");
    onPick(fits ? picked : null);
  };
  return (
    <div className="field">
      <span id={`${name}-label`} className="label">{label} <span className="i3">({t("optional")})</span></span>
      <div className="dash row g-3 p-4">
        {shown ? <img src={shown} alt="" className={round ? "av av-pro object-cover" : "logo-mark big"} style={{ "--z": "3.5rem" }} /> : empty}
        <span>
          <input id={name} type="file" accept="image/png,image/jpeg,image/webp,image/gif" className="sr filed" onChange={pick} aria-labelledby={`${name}-label ${name}-verb`} aria-describedby={`${name}-error`} />
          <label id={`${name}-verb`} htmlFor={name} className="btn btn-s"><Icon name="upload" />{t("Choose a picture")}</label>
        </span>
      </div>
      {said ? <p className="error" id={`${name}-error`}><Icon name="circle-alert" size="sm" />{said}</p> : <p className="help">{help}</p>}
    </div>
  );
}

// Logo and portrait stay in the browser until the workspace exists; then they are sent and the workspace opens.
export function OpeningPictures({ initials, accent, tenant }) {
  const t = useT();
  const files = useRef({});
  const gone = useRef(false);
  useEffect(() => {
    if (!tenant || gone.current) return;
    gone.current = true;
    const sent = Object.entries(files.current).filter(([, file]) => file).map(([use, file]) => {
      const form = new FormData();
      form.append("file", file);
      const place = use === "logo" ? "files" : "pictures";
      return fetch(`/api/w/${tenant}/${place}?use=${use}`, { method: "POST", headers: { accept: "application/json" }, body: form });
    });
    Promise.allSettled(sent).then(() => location.assign(`/w/${tenant}`));
  }, [tenant]);
  return (
    <>
      <Picture name="logo" label={t("Logo")} help={t("PNG, JPEG or WebP. Until then, your initials.")} empty={<span className="logo-mark big" data-accent="" style={{ "--accent": accent }} aria-hidden="true">{initials}</span>} onPick={(file) => { files.current.logo = file; }} />
      <Picture name="portrait" round label={t("Your portrait")} help={t("It stands on your public profile. People choose a face more readily than a name.")} empty={<span className="av av-pro" style={{ "--z": "3.5rem" }} aria-hidden="true"><Icon name="user-round" /></span>} onPick={(file) => { files.current.portrait = file; }} />
    </>
  );
}
