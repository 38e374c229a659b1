import type { ComponentChildren } from "preact";
import { appName } from "../i18n/index.ts";
import { Stamp } from "./stamp.tsx";

interface GreetingProps {
  title: string;
  lead: string;
  /** whether the app says its name: who finds a locked phone need not learn it */
  named?: boolean;
  children: ComponentChildren;
}

/** The frame of a page that stands before the app: nobody has joined, or the phone is locked. */
export function Greeting({ title, lead, named = false, children }: GreetingProps) {
  return (
    <div class="frame welcome">
      <main class="page">
        <article class="postcard greeting">
          <Stamp />
          {named && <p class="wordmark">{appName()}</p>}
          <h1>{title}</h1>
          <p>{lead}</p>
        </article>
        {children}
      </main>
    </div>
  );
}
