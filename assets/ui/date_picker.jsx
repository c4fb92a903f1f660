import "../css/overlay.css";
import { useState } from "react";
import { DayPicker } from "react-day-picker";
import { ar } from "react-day-picker/locale/ar";
import { fr } from "react-day-picker/locale/fr";
import { useDirection, useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";
import { Popover, PopoverPopup, PopoverTrigger } from "./popover.jsx";

const iso = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
const parts = (value) => { const [year, month, day] = value.split("-").map(Number); return new Date(year, month - 1, day); };
const LATIN = { formatDay: (date) => String(date.getDate()) };

export function DatePicker({ label, name, value: given, onChange }) {
  const t = useT();
  const direction = useDirection();
  const [open, setOpen] = useState(false);
  const [own, setOwn] = useState(given ?? "");
  const value = onChange ? given : own;
  const pick = (date) => { if (!date) return; setOwn(iso(date)); onChange?.(iso(date)); setOpen(false); };
  const day = value ? parts(value) : undefined;
  return (
    <div className="field">
      <span className="label">{label}</span>
      {name && <input type="hidden" name={name} value={value ?? ""} />}
      <Popover open={open} onOpenChange={setOpen}>
        <PopoverTrigger className="input" aria-label={label}><span className="grow text-start num"><bdi>{value ? t.date(value, { style: "date" }) : <span className="ph">{t("Choose a date")}</span>}</bdi></span><Icon name="calendar" /></PopoverTrigger>
        <PopoverPopup label={label}>
          <DayPicker mode="single" weekStartsOn={1} dir={direction} locale={{ fr, ar }[t.locale]} numerals="latn" formatters={LATIN} selected={day} defaultMonth={day} autoFocus onSelect={pick}
            classNames={{ root: "days", day_button: "day", selected: "is-chosen", nav: "row between", button_previous: "btn btn-q btn-icon btn-sm", button_next: "btn btn-q btn-icon btn-sm", chevron: "size-4 fill-current rtl:rotate-180", month_caption: "b tc", weekday: "t-xs i3", outside: "i3", today: "is-today" }} />
        </PopoverPopup>
      </Popover>
    </div>
  );
}
