import "../css/presented.css";
import { useRef, useState } from "react";
import { Link } from "react-router";
import { useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";
import { NativeDialog } from "./native.jsx";

const Lines = ({ title, icon, lines }) => lines.length > 0 && (
  <div className="col g-1h plist"><h3 className="t-md row"><Icon name={icon} size="sm" />{title}</h3><ul className="plines">{lines.map((line) => <li key={line} dir="auto">{line}</li>)}</ul></div>
);

// Nothing is asked of the host before the click: then our own page holds its player.
function Video({ video }) {
  const t = useT();
  const [on, setOn] = useState(false);
  return (
    <section className="col g-3">
      <h2 className="t-1">{t("In a video")}</h2>
      <div className="pvideo">
        {on
          ? <iframe src={video.frame} title={t("Video at {host}", { host: video.host })} allow="autoplay; fullscreen; picture-in-picture" allowFullScreen />
          : <button type="button" onClick={() => setOn(true)}><span className="pplay"><Icon name="play" size="lg" /></span><span className="b">{t("Play the video")}</span><span className="t-sm">{t("It comes from {host}, which then learns of your visit.", { host: video.host })}</span></button>}
      </div>
      <a href={video.href} target="_blank" rel="noopener noreferrer" className="link t-sm row g-1h self-start"><Icon name="external-link" size="sm" />{t("Open at {host}", { host: video.host })}</a>
    </section>
  );
}

function Gallery({ pictures }) {
  const t = useT();
  const [at, setAt] = useState(-1);
  const opener = useRef(null);
  const shown = pictures[at];
  const name = (one, place) => one.caption || t("Picture {n} of {most}", { n: place + 1, most: pictures.length });
  return (
    <section className="col g-3">
      <h2 className="t-1">{t("Pictures")}</h2>
      <ul className="ppics">
        {pictures.map((one, place) => (
          <li key={one.id}>
            <button type="button" onClick={(event) => { opener.current = event.currentTarget; setAt(place); }}><img src={one.url} alt={name(one, place)} loading="lazy" /></button>
            {one.caption && <span className="t-xs i2 clip" aria-hidden="true"><bdi>{one.caption}</bdi></span>}
          </li>
        ))}
      </ul>
      <NativeDialog title={shown ? name(shown, at) : ""} open={at >= 0} onClose={() => { setAt(-1); opener.current?.focus(); }} className="plarge">
        {shown && <img src={shown.url} alt={name(shown, at)} />}
        {pictures.length > 1 && (
          <div className="row">
            <button type="button" className="btn btn-s" onClick={() => setAt((at + pictures.length - 1) % pictures.length)}><Icon name="chevron-left" />{t("Previous")}</button>
            <button type="button" className="btn btn-s end" onClick={() => setAt((at + 1) % pictures.length)}>{t("Next")}<Icon name="chevron-right" /></button>
          </div>
        )}
      </NativeDialog>
    </section>
  );
}

export default function Parts({ more }) {
  const t = useT();
  const trained = more.diplomas.length + more.certifications.length > 0;
  return (
    <div className="col g-8">
      {more.distinctions.length > 0 && <section className="col g-3"><h2 className="t-1">{t("Distinctions")}</h2><ul className="row wrap g-2">{more.distinctions.map((one) => <li key={one} className="badge is-acc"><Icon name="badge-check" size="sm" />{t(one)}</li>)}</ul></section>}
      {more.approach && <section className="col g-3"><h2 className="t-1">{t("Approach")}</h2><p className="read i2 whitespace-pre-line" dir="auto">{more.approach}</p></section>}
      {trained && (
        <section className="col g-3">
          <h2 className="t-1">{t("Training")}</h2>
          <div className="row row-t wrap g-6"><Lines title={t("Diplomas")} icon="graduation-cap" lines={more.diplomas} /><Lines title={t("Certifications")} icon="badge-check" lines={more.certifications} /></div>
        </section>
      )}
      {more.video && <Video video={more.video} />}
      {more.gallery.length > 0 && <Gallery pictures={more.gallery} />}
      {more.links.length > 0 && (
        <section className="col g-3">
          <h2 className="t-1">{t("Elsewhere")}</h2>
          <ul className="row wrap g-4">{more.links.map((one) => <li key={one.network}><a href={one.href} target="_blank" rel="me nofollow noopener noreferrer" className="link row g-1h"><Icon name={one.network === "website" ? "globe" : "external-link"} size="sm" />{t(one.label)}</a></li>)}</ul>
        </section>
      )}
      {more.report && <Link to={more.report} className="link t-sm self-start">{t("Report this page")}</Link>}
    </div>
  );
}
