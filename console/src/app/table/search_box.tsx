/** Free text over a list; the address follows when typing pauses. `/` goes there. */

import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 250;

interface SearchBoxProps {
  text: string;
  onText: (text: string) => void;
  label: string;
}

export function SearchBox({ text, onText, label }: SearchBoxProps): React.JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (typed === null) return;
    const pause = setTimeout(() => {
      onText(typed);
      setTyped(null);
    }, PAUSE_MS);
    return () => clearTimeout(pause);
  }, [typed, onText]);
  useEffect(() => {
    const go = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener("keydown", go);
    return () => document.removeEventListener("keydown", go);
  }, []);
  return (
    <input ref={box} type="search" aria-label={label} placeholder={label} value={typed ?? text}
      onChange={(event) => setTyped(event.currentTarget.value)} />
  );
}
