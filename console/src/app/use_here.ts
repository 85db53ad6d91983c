/** Whether the page that asked is still shown: who has gone on to another one is not called back by what ends late. */

import { useEffect, useRef } from "react";

export function useHere(): () => boolean {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  return () => here.current;
}
