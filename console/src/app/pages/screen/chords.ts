/** Keys that browsers and desktops keep to themselves, so that they have to be sent. Source: X11's keysymdef.h. */

export interface Chord {
  name: string;
  keysyms: readonly number[];
}

const [CONTROL, ALT, SUPER, ESCAPE, TAB, DELETE, BACKSPACE, PRINT] = [0xffe3, 0xffe9, 0xffeb, 0xff1b, 0xff09, 0xffff, 0xff08, 0xff61];
const F4 = 0xffc1;

export const CHORDS: readonly Chord[] = [
  { name: "Ctrl-Alt-Del", keysyms: [CONTROL, ALT, DELETE] },
  { name: "Ctrl-Alt-Backspace", keysyms: [CONTROL, ALT, BACKSPACE] },
  { name: "Alt-Tab", keysyms: [ALT, TAB] },
  { name: "Alt-F4", keysyms: [ALT, F4] },
  { name: "Super", keysyms: [SUPER] },
  { name: "Print", keysyms: [PRINT] },
  { name: "Esc", keysyms: [ESCAPE] },
];
