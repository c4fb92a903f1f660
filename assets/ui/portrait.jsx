// A person's own picture, cut to a small square in the browser: sent at once to `address`, or kept in a field `name` of its form.
import { useEffect, useState } from "react";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

const SIDE = 256;

async function square(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const side = Math.min(image.width, image.height);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d").drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  return canvas;
}

const sent = async (canvas, address) => {
  const form = new FormData();
  form.append("file", await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.86)), "portrait.jpg");
  const answer = await fetch(address, { method: "POST", headers: { accept: "application/json" }, body: form });
  return answer.ok ? "" : (await answer.json()).detail;
};

export function PortraitPicker({ url, initials, label, help, name, address, onKept, onRemove }) {
  const t = useT();
  const [shown, setShown] = useState("");
  const [value, setValue] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => () => { if (shown) URL.revokeObjectURL(shown); }, [shown]);
  const pick = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    setBusy(true);
    try {
      const canvas = await square(file);
      const refused = address ? await sent(canvas, address) : "";
      setWrong(refused);
      if (!refused && name) setValue(canvas.toDataURL("image/jpeg", 0.86));
      if (!refused && !address) setShown(URL.createObjectURL(file));
      if (!refused) onKept?.();
    } catch {
      setWrong(t("This picture could not be kept"));
    }
    setBusy(false);
  };
  const seen = shown || url;
  return (
    <div className="field">
      <span id="portrait-label" className="label">{label} <span className="i3">({t("optional")})</span></span>
      <div className="row g-4 wrap">
        {seen ? <img src={seen} alt="" className="av object-cover" style={{ "--z": "4.5rem" }} /> : <span className="av" style={{ "--z": "4.5rem" }} aria-hidden="true">{initials || <Icon name="user-round" size="lg" />}</span>}
        <span className="row g-2 wrap">
          <input id="portrait" type="file" accept="image/jpeg,image/png,image/webp" className="sr filed" disabled={busy} onChange={pick} aria-labelledby="portrait-label portrait-verb" aria-describedby="portrait-error" />
          <label id="portrait-verb" htmlFor="portrait" className="btn btn-s btn-sm" aria-busy={busy}><Icon name="upload" />{t("Choose a picture")}</label>
          {url && onRemove && <button type="button" className="btn btn-q btn-sm" onClick={() => onRemove()}>{t("Take it away")}</button>}
        </span>
      </div>
      {name && <input type="hidden" name={name} value={value} />}
      {wrong ? <p className="error" id="portrait-error" role="alert"><Icon name="circle-alert" size="sm" />{wrong}</p> : <p className="help">{help}</p>}
    </div>
  );
}
