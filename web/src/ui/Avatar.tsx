/** The picture of an account, or its first letter; decoration, since the name always stands beside it. */
export function Avatar({ name, picture, className = 'size-10 text-lg' }: { name: string; picture: string | null | undefined; className?: string }) {
  if (picture) return <img src={picture} alt="" draggable={false} decoding="async" className={`shrink-0 rounded-full bg-line object-cover ${className}`} />
  return <span aria-hidden="true" className={`flex shrink-0 items-center justify-center rounded-full bg-ink font-display text-paper ${className}`}>{[...name][0]?.toUpperCase()}</span>
}
