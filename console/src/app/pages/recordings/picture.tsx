/** A picture out of a recording. Looking is noted by the site, and may want a reason first. */

import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { pictureAt } from "../../../api/http";
import { errorText } from "../../parts/failure";
import { texts } from "../../texts";
import { PICTURES, wantsReason } from "./reason";
import "./picture.css";

const t = texts.recordings.why;

interface PictureProps {
  path: string;
  alt: string;
  /** Asks for the reason that is missing. */
  askReason: () => void;
}

/** Read when it comes into sight. */
export function Picture({ path, alt, askReason }: PictureProps): React.JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const seen = useSeen(box);
  const found = useQuery({ queryKey: [PICTURES, path], queryFn: () => pictureAt(path), enabled: seen, staleTime: Infinity, gcTime: 60_000 });
  const image = useRef<HTMLImageElement>(null);
  const { data } = found;
  useEffect(() => {
    if (data === undefined || image.current === null) return;
    const url = URL.createObjectURL(data);
    image.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [data]);
  return (
    <div className="picture" ref={box}>
      {found.isPending ? <Skeleton height="100%" radius={0} /> : null}
      {found.isError && wantsReason(found.error) ? <Button variant="white" size="compact-xs" onClick={askReason}>{t.first}</Button> : null}
      {found.isError && !wantsReason(found.error) ? <span className="picture-none">{errorText(found.error)}</span> : null}
      {data === undefined ? null : <img ref={image} alt={alt} />}
    </div>
  );
}

/** True from the moment that the element was in sight. */
function useSeen(element: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || element.current === null) return;
    const observer = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, seen]);
  return seen;
}
