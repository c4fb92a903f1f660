// The pictures of a profile: a portrait cut to a square before it is sent, a gallery with captions; documents of verification.
import "../css/profile_edit.css";
import { useEffect, useRef, useState } from "react";
import { useParams } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";
import { NativeDialog } from "./native.jsx";

const PICTURES = "image/jpeg,image/png,image/webp";
const SIDE = 1024; // what the server keeps of a portrait

async function post(address, content, name, t) {
  const form = new FormData();
  form.append("file", content, name);
  try {
    const answer = await fetch(address, { method: "POST", headers: { accept: "application/json" }, body: form });
    if (answer.ok) return "";
    const said = await answer.json();
    return said.detail ?? said.title;
  } catch {
    return t("This file could not be sent. Try again");
  }
}

function Chooser({ id, label, accept, multiple, busy, wrong, onChoose, kind = "btn-s" }) {
  const t = useT();
  return (
    <div className="field">
      <span>
        <input id={id} type="file" accept={accept} multiple={multiple} disabled={busy} aria-describedby={`${id}-error`} className="sr filed" onChange={(event) => { const files = [...event.target.files]; event.target.value = ""; if (files.length) onChoose(files); }} />
        <label htmlFor={id} className={`btn ${kind}`} aria-busy={busy}><Icon name="upload" />{busy ? t("Sending") : label}</label>
      </span>
      <p id={`${id}-error`} role="alert" className="error">{wrong}</p>
    </div>
  );
}

// Moves by hand, by arrow keys and by the two sliders; what the frame shows is what is kept.
function Crop({ file, onDone, onCancel }) {
  const t = useT();
  const canvas = useRef(null);
  const [image, setImage] = useState(null);
  const [place, setPlace] = useState({ x: 0.5, y: 0.5, zoom: 1 });
  const [wrong, setWrong] = useState(false);
  const from = useRef(null);
  useEffect(() => {
    let gone = false;
    createImageBitmap(file, { imageOrientation: "from-image" }).then((drawn) => gone ? drawn.close() : setImage(drawn), () => setWrong(true));
    return () => { gone = true; };
  }, [file]);
  const square = () => {
    const side = Math.min(image.width, image.height) / place.zoom;
    return { side, left: (image.width - side) * place.x, top: (image.height - side) * place.y };
  };
  useEffect(() => {
    if (!image) return;
    const { side, left, top } = square();
    canvas.current.getContext("2d").drawImage(image, left, top, side, side, 0, 0, canvas.current.width, canvas.current.height);
  }, [image, place]);
  const within = (value) => Math.min(1, Math.max(0, value));
  const move = (dx, dy) => {
    const { side } = square();
    const shift = (by, room) => (room > 0.5 ? (by * side) / room : 0);
    setPlace((now) => ({ ...now, x: within(now.x - shift(dx, image.width - side)), y: within(now.y - shift(dy, image.height - side)) }));
  };
  const drag = (event) => {
    if (!from.current) return;
    const width = canvas.current.clientWidth;
    move((event.clientX - from.current.x) / width, (event.clientY - from.current.y) / width);
    from.current = { x: event.clientX, y: event.clientY };
  };
  const press = (event) => {
    const step = { ArrowLeft: [0.03, 0], ArrowRight: [-0.03, 0], ArrowUp: [0, 0.03], ArrowDown: [0, -0.03] }[event.key];
    if (step && image) { event.preventDefault(); move(...step); }
  };
  const keep = () => {
    const { side, left, top } = square();
    const drawn = document.createElement("canvas");
    drawn.width = drawn.height = Math.max(1, Math.min(SIDE, Math.round(side)));
    drawn.getContext("2d").drawImage(image, left, top, side, side, 0, 0, drawn.width, drawn.height);
    drawn.toBlob(onDone, "image/webp", 0.92);
  };
  return (
    <NativeDialog title={t("Cut to a square")} open onClose={onCancel}>
      {wrong ? <p className="error" role="alert">{t("Choose a JPEG, PNG, WebP or GIF picture")}</p> : (
        <>
          <canvas ref={canvas} width="320" height="320" tabIndex={0} role="img" className="crop" aria-label={t("Your picture in its frame. Move it with the arrow keys")}
            onKeyDown={press} onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); from.current = { x: event.clientX, y: event.clientY }; }}
            onPointerMove={drag} onPointerUp={() => { from.current = null; }} />
          <label className="col g-1 t-sm">{t("Closer")}<input type="range" min="1" max="4" step="0.05" value={place.zoom} onChange={(event) => setPlace({ ...place, zoom: Number(event.target.value) })} /></label>
          <p className="help">{t("Drag the picture, or use the arrow keys.")}</p>
        </>
      )}
      <div className="dialog-f"><button type="button" className="btn btn-s" onClick={onCancel}>{t("Cancel")}</button><button type="button" className="btn btn-p" disabled={!image} onClick={keep}>{t("Keep this part")}</button></div>
    </NativeDialog>
  );
}

function Caption({ one, onCaption }) {
  const t = useT();
  return <input className="input" defaultValue={one.caption} maxLength={120} placeholder={t("What it shows")} aria-label={t("What it shows")} onBlur={(event) => event.target.value.trim() !== one.caption && onCaption(one.id, event.target.value)} onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()} />;
}

export function PicturesEditor({ portrait, gallery, of, most, onChange, onRemove, onCaption }) {
  const t = useT();
  const { tenant } = useParams();
  const [cut, setCut] = useState(null);
  const [busy, setBusy] = useState("");
  const [wrong, setWrong] = useState({});
  const send = async (use, content, name) => {
    setBusy(use);
    const said = await post(`/api/w/${tenant}/pictures?use=${use}${of ? `&of=${of}` : ""}`, content, name, t);
    setWrong({ [use]: said });
    setBusy("");
    onChange();
  };
  const several = async (files) => { for (const file of files.slice(0, most - gallery.length)) await send("gallery", file, file.name); };
  return (
    <div className="col g-6">
      <div className="row wrap g-4">
        {portrait ? <img src={portrait} alt={t("Your portrait")} className="av av-pro object-cover" style={{ "--z": "5.5rem" }} /> : <span className="av av-pro" style={{ "--z": "5.5rem" }} aria-hidden="true"><Icon name="user-round" size="lg" /></span>}
        <div className="col g-1">
          <div className="row wrap">
            <Chooser id="portrait" label={portrait ? t("Another portrait") : t("Choose a portrait")} accept={PICTURES} busy={busy === "portrait"} wrong={wrong.portrait} onChoose={([file]) => setCut(file)} />
            {portrait && <button type="button" className="btn btn-dq self-start" onClick={() => onRemove(portrait.split("/").pop())}>{t("Remove")}</button>}
          </div>
          <p className="help">{t("A face that looks at the reader, in daylight. It is cut to a square.")}</p>
        </div>
      </div>
      <div className="col g-3">
        <h3 className="t-md">{t("Gallery")} <span className="i3 num t-sm">{t("{n} of {most}", { n: gallery.length, most })}</span></h3>
        {gallery.length > 0 && (
          <ul className="pedit">
            {gallery.map((one) => (
              <li key={one.id}>
                <img src={one.url} alt={one.caption} loading="lazy" />
                <div className="row g-1"><Caption one={one} onCaption={onCaption} /><button type="button" className="btn btn-dq btn-icon" aria-label={t("Remove this picture")} title={t("Remove this picture")} onClick={() => onRemove(one.id)}><Icon name="trash-2" /></button></div>
              </li>
            ))}
          </ul>
        )}
        {gallery.length < most && <Chooser id="gallery" label={t("Add pictures")} accept={PICTURES} multiple busy={busy === "gallery"} wrong={wrong.gallery} onChoose={several} />}
      </div>
      {cut && <Crop file={cut} onCancel={() => setCut(null)} onDone={(content) => { setCut(null); send("portrait", content, "portrait.webp"); }} />}
    </div>
  );
}

export function DocumentsField({ kind, of, wrong, onChange }) {
  const t = useT();
  const { tenant } = useParams();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const send = async (files) => {
    setBusy(true);
    setSaid("");
    for (const file of files) {
      const answer = await post(`/api/w/${tenant}/verification/${kind}/documents${of ? `?of=${of}` : ""}`, file, file.name, t);
      if (answer) setSaid(answer);
    }
    setBusy(false);
    onChange();
  };
  return <Chooser id={`documents-${kind}`} label={t("Add a document")} accept={`application/pdf,${PICTURES}`} multiple busy={busy} wrong={said || wrong} onChoose={send} />;
}
