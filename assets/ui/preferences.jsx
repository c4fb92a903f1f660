import { useContext } from "react";
import { ColorModeContext } from "$/utils/context";
import { setLocale, useT } from "$/public/i18n.js";

const NAMES = { fr: "Français", en: "English", ar: "العربية" };

export function LanguageSelect({ onChoose }) {
  const t = useT();
  return (
    <select aria-label={t("Language")} className="pref" value={t.locale} onChange={(event) => { setLocale(event.target.value); onChoose(event.target.value); }}>
      {Object.entries(NAMES).map(([locale, name]) => <option key={locale} value={locale} lang={locale}>{name}</option>)}
    </select>
  );
}

export function ThemeSelect() {
  const t = useT();
  const { rawColorMode, setColorMode } = useContext(ColorModeContext);
  const names = { system: t("As the device"), light: t("Light"), dark: t("Dark") };
  return (
    <select aria-label={t("Appearance")} className="pref" value={rawColorMode} onChange={(event) => setColorMode(event.target.value)}>
      {Object.entries(names).map(([mode, name]) => <option key={mode} value={mode}>{name}</option>)}
    </select>
  );
}
