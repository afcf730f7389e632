import { usePanel } from "../context";
import type { Part } from "../protocol";
import { fill, STRINGS } from "../strings";
import { Button } from "../ui/button";
import { bytes } from "../ui/format";
import { Icon } from "../ui/icon";

type MediaItem = Exclude<Part, { type: "text" }>;

/**
 * Images, audio, video and files of a message. Only bytes from the kernel are shown: nothing is requested from a host.
 */
export function MediaParts({
  parts,
  onRemove,
}: {
  parts: readonly Part[];
  onRemove?: ((part: number) => void) | undefined;
}) {
  const media = parts.flatMap((part, at) => (part.type === "text" ? [] : [{ part, at }]));
  if (media.length === 0) return null;
  return (
    <div class="orn-media">
      {media.map(({ part, at }) => (
        <figure key={`${part.ref}-${at}`}>
          <MediaPart part={part} />
          <figcaption>
            <span class="orn-grow" title={part.name}>
              {part.name}
            </span>
            <small>{part.bytes > 0 ? bytes(part.bytes) : ""}</small>
            {onRemove && (
              <Button
                bare
                icon="close"
                label={fill(STRINGS.removeNamed, { name: part.name })}
                onPress={() => onRemove(at)}
              />
            )}
          </figcaption>
        </figure>
      ))}
    </div>
  );
}

function MediaPart({ part }: { part: MediaItem }) {
  const { attachments } = usePanel();
  const url = part.type === "file" || part.url ? undefined : attachments.url(part.ref);
  if (part.type === "image" && url) return <img src={url} alt={part.name} />;
  if (part.type === "audio" && url) {
    // biome-ignore lint/a11y/useMediaCaption: a model's audio has no captions; its transcript is the text.
    return <audio controls src={url} aria-label={part.name} />;
  }
  if (part.type === "video" && url) {
    // biome-ignore lint/a11y/useMediaCaption: as above.
    return <video controls src={url} aria-label={part.name} />;
  }
  return (
    <span class="orn-file">
      <Icon name="attach" />
      {part.media_type || part.type}
    </span>
  );
}
