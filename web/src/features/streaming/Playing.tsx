/** Three bars that move while music plays: this is the one you hear. */
export function Playing({ moving }: { moving: boolean }) {
  return (
    <span aria-hidden="true" className="flex h-4 items-end gap-0.5">
      {['h-2/3', 'h-full', 'h-1/2'].map((height) => <span key={height} className={`w-1 rounded-full bg-accent ${height} ${moving ? 'bounce-bar' : ''}`} />)}
    </span>
  )
}
