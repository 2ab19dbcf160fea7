/** The mark: two notes under one slur. */
export function Logo({ className = '' }: { className?: string }) {
  return (
    <svg viewBox="0 0 34 30" aria-hidden="true" className={className}>
      <path d="M5 10.4C10.5-1.6 27-2.4 32.5 8.2 26 2.6 12.5 3.5 5 10.4Z" className="fill-accent" />
      <g className="fill-current">
        <ellipse cx="8" cy="16.5" rx="5" ry="3.7" transform="rotate(-22 8 16.5)" />
        <path d="M3.2 17.5h1.9V30H3.2z" />
        <ellipse cx="26.5" cy="14.5" rx="5" ry="3.7" transform="rotate(-22 26.5 14.5)" />
        <path d="M21.7 15.5h1.9V28h-1.9z" />
      </g>
    </svg>
  )
}
