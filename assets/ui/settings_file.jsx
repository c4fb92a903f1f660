// A file of settings, read here and sent as text: the server checks it before anything changes.
import { useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

const MOST = 500_000;

export function FileField({ label, onRead }) {
  const t = useT();
  const [wrong, setWrong] = useState("");
  const read = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    setWrong(file.size > MOST ? t("This file is too large") : "");
    if (file.size <= MOST) onRead(await file.text());
    event.target.value = "";
  };
  return (
    <div className="field">
      <span>
        <input id="settings-file" type="file" accept="application/json,.json" onChange={read} aria-describedby="settings-file-error" className="sr filed" />
        <label htmlFor="settings-file" className="btn btn-s"><Icon name="upload" />{label}</label>
      </span>
      <p id="settings-file-error" role="alert" className="error">{wrong}</p>
    </div>
  );
}
