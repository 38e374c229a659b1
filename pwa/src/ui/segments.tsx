import { Icon, type IconName } from "./icons.tsx";

interface Option<Value extends string> {
  value: Value;
  label: string;
  icon?: IconName;
  lang?: string;
  testid?: string;
}

interface SegmentsProps<Value extends string> {
  label: string;
  name: string;
  chosen: Value;
  options: readonly Option<Value>[];
  onChoose: (value: Value) => void;
}

/** One of a few: radio buttons side by side. */
export function Segments<Value extends string>({
  label,
  name,
  chosen,
  options,
  onChoose,
}: SegmentsProps<Value>) {
  return (
    <fieldset class="segments">
      <legend class="unseen">{label}</legend>
      {options.map(({ value, label, icon, lang, testid }) => (
        <label key={value} class="segment" lang={lang}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            data-testid={testid}
            onChange={() => onChoose(value)}
          />
          <span>
            {icon && <Icon name={icon} />}
            <span>{label}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
