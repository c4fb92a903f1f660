import "../css/overlay.css";
import { Combobox as Base } from "@base-ui/react/combobox";
import { DirectionProvider } from "@base-ui/react/direction-provider";
import { useDirection, useT } from "$/public/i18n.js";
import { Icon } from "./icon.jsx";

// The input is inside the popup: with it outside, Base UI hides the rest of the page from screen readers and axe objects.
export function Combobox({ label, name, options, value, onChange, onSearch, placeholder }) {
  const t = useT();
  const chosen = options.find((option) => option.value === value) ?? null;
  return (
    <DirectionProvider direction={useDirection()}>
      <Base.Root items={options} name={name} filter={onSearch ? null : undefined} {...(onChange ? { value: chosen } : { defaultValue: chosen })}
        onValueChange={(option) => onChange?.(option?.value ?? "")}
        onInputValueChange={(text, details) => details.reason === "input-change" && onSearch?.(text)}
        isItemEqualToValue={(a, b) => a?.value === b?.value}>
        <div className="field">
          <Base.Label className="label">{label}</Base.Label>
          <Base.Trigger className="input" aria-label={label}><span className="grow clip text-start"><Base.Value placeholder={placeholder} /></span><Icon name="chevrons-up-down" size="sm" /></Base.Trigger>
        </div>
        <Base.Portal>
          <Base.Positioner sideOffset={6} className="above w-[var(--anchor-width)]">
            <Base.Popup aria-label={label} className="pop float p-1">
              <label className="input"><Icon name="search" size="sm" /><Base.Input aria-label={t("Search")} placeholder={t("Search")} /></label>
              <Base.Empty className="p-3 text-sm i3 empty:hidden">{t("Nothing found")}</Base.Empty>
              <Base.List className="mt-1 max-h-72 overflow-auto">
                {(option) => (
                  <Base.Item key={option.value} value={option} className="menu-i">
                    <span className="grow clip"><bdi>{option.label}</bdi> <span className="i3">{option.note}</span></span><Base.ItemIndicator><Icon name="check" /></Base.ItemIndicator>
                  </Base.Item>
                )}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </DirectionProvider>
  );
}
