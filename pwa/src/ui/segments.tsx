import { Icon, type IconName } from "./icons.tsx";

interface SegmentsProps<Value extends string> {
  label: string;
  name: string;
  values: readonly Value[];
  chosen: Value;
  /** what a value is called */
  naming: (value: Value) => string;
  icon?: (value: Value) => IconName;
  /** the language a value is named in, where that is not the page's */
  lang?: (value: Value) => string;
  /** each button's begins with it and ends with the value */
  testid?: string;
  onChoose: (value: Value) => void;
}

/** One of a few: radio buttons side by side. */
export function Segments<Value extends string>({
  label,
  name,
  values,
  chosen,
  naming,
  icon,
  lang,
  testid,
  onChoose,
}: SegmentsProps<Value>) {
  return (
    <fieldset class="segments">
      <legend class="unseen">{label}</legend>
      {values.map((value) => (
        <label key={value} class="segment" lang={lang?.(value)}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={value === chosen}
            data-testid={testid && `${testid}-${value}`}
            onChange={() => onChoose(value)}
          />
          <span>
            {icon && <Icon name={icon(value)} />}
            <span>{naming(value)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
