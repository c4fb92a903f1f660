import { useEffect, useRef, useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

// The logo stays in the browser until the workspace exists; then it is sent and the workspace opens.
export function LogoField({ name, initials, accent, tenant }) {
  const t = useT();
  const [file, setFile] = useState(null);
  const [shown, setShown] = useState("");
  const [said, setSaid] = useState("");
  const gone = useRef(false);
  useEffect(() => {
    if (!file) return setShown("");
    const url = URL.createObjectURL(file);
    setShown(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  useEffect(() => {
    if (!tenant || gone.current) return;
    gone.current = true;
    const enter = () => location.assign(`/w/${tenant}`);
    if (!file) return enter();
    const form = new FormData();
    form.append("file", file);
    fetch(`/api/w/${tenant}/files?use=logo`, { method: "POST", headers: { accept: "application/json" }, body: form }).then(enter, enter);
  }, [tenant]);
  const pick = (event) => {
    const picked = event.target.files[0];
    const fits = picked && picked.type.startsWith("image/") && picked.size <= 5000000;
    setSaid(picked && !fits ? t("Choose a picture of 5 MB at most") : "");
    setFile(fits ? picked : null);
  };
  return (
    <div className="field">
      <label className="label" htmlFor={name}>{t("Logo")} <span className="i3">({t("optional")})</span></label>
      <div className="dash row g-3 p-4">
        {shown ? <img src={shown} alt="" className="logo-mark big" /> : <span className="logo-mark big" data-accent="" style={{ "--accent": accent }} aria-hidden="true">{initials}</span>}
        <input id={name} type="file" accept="image/png,image/jpeg,image/webp,image/gif" className="grow min-w-0 t-sm" onChange={pick} aria-describedby={`${name}-error`} />
      </div>
      {said ? <p className="error" id={`${name}-error`}><Icon name="circle-alert" size="sm" />{said}</p> : <p className="help">{t("PNG, JPEG or WebP. Until then, your initials.")}</p>}
    </div>
  );
}
