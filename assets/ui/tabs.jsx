import { Tabs as Base } from "@base-ui/react/tabs";
import { DirectionProvider } from "@base-ui/react/direction-provider";
import { useDirection } from "$/public/i18n.js";

export const Tabs = ({ label, tabs, value, onChange, children }) => (
  <DirectionProvider direction={useDirection()}>
    <Base.Root {...(onChange ? { value, onValueChange: (tab) => onChange(tab) } : { defaultValue: value })}>
      <Base.List aria-label={label} activateOnFocus className="tabs">
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} className="tab">{tab.label}{tab.count != null && <span className="count num">{tab.count}</span>}</Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  </DirectionProvider>
);

export const TabPanel = (props) => <Base.Panel className="py-4" {...props} />;
