import type { FormHTMLAttributes } from "preact";

type FormProps = Omit<FormHTMLAttributes<HTMLFormElement>, "onSubmit"> & { onSend: () => void };

/** A form that the app takes itself: the browser must not send it anywhere. */
export function Form({ onSend, ...more }: FormProps) {
  return (
    <form
      {...more}
      onSubmit={(event) => {
        event.preventDefault();
        onSend();
      }}
    />
  );
}
