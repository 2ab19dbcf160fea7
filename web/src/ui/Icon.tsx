const shapes = {
  play: <path d="M8 5.2v13.6a.8.8 0 0 0 1.2.7l11-6.8a.8.8 0 0 0 0-1.4l-11-6.8A.8.8 0 0 0 8 5.2Z" fill="currentColor" stroke="none" />,
  pause: <path d="M7 5h3.4v14H7zM13.6 5H17v14h-3.4z" fill="currentColor" stroke="none" />,
  next: <path d="M6 5.8v12.4a.7.7 0 0 0 1.1.6l8.9-6.2a.7.7 0 0 0 0-1.2L7.1 5.2A.7.7 0 0 0 6 5.8ZM16.5 5H19v14h-2.5z" fill="currentColor" stroke="none" />,
  previous: <path d="M18 5.8v12.4a.7.7 0 0 1-1.1.6L8 12.6a.7.7 0 0 1 0-1.2l8.9-6.2a.7.7 0 0 1 1.1.6ZM5 5h2.5v14H5z" fill="currentColor" stroke="none" />,
  loud: <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 8.8a4.5 4.5 0 0 1 0 6.4M18 6a8.5 8.5 0 0 1 0 12" />,
  quiet: <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 8.8a4.5 4.5 0 0 1 0 6.4" />,
  muted: <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM16 9.5l5 5M21 9.5l-5 5" />,
  search: <path d="M10.8 17.6a6.8 6.8 0 1 0 0-13.6 6.8 6.8 0 0 0 0 13.6ZM15.7 15.7 20.5 20.5" />,
  bell: <path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15ZM10 20.5a2.3 2.3 0 0 0 4 0" />,
  sun: <path d="M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4" />,
  moon: <path d="M20 14.2A8.2 8.2 0 0 1 9.8 4a8.2 8.2 0 1 0 10.2 10.2Z" />,
  system: <path d="M12 3.5a8.5 8.5 0 1 0 0 17ZM12 3.5a8.5 8.5 0 0 1 0 17" />,
  plus: <path d="M12 5v14M5 12h14" />,
  upload: <path d="M12 15.5V4.5M7.5 8.5 12 4l4.5 4.5M4.5 15.5v3a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5v-3" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  cross: <path d="m6 6 12 12M18 6 6 18" />,
  up: <path d="m6 14.5 6-6 6 6" />,
  down: <path d="m6 9.5 6 6 6-6" />,
  trash: <path d="M4.5 6.5h15M9.5 6.5v-2h5v2M6.5 6.5l.8 13h9.4l.8-13M10 10.5v5.5M14 10.5v5.5" />,
  pencil: <path d="m4.5 19.5.8-4L16 4.8a1.7 1.7 0 0 1 2.4 0l.8.8a1.7 1.7 0 0 1 0 2.4L8.5 18.7Z" />,
  queue: <path d="M4 6.5h16M4 12h10M4 17.5h10M17.5 13v6.5l4-3.2Z" />,
  keyboard: <path d="M4.5 6h15A1.5 1.5 0 0 1 21 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 16.5v-9A1.5 1.5 0 0 1 4.5 6ZM7 10h.01M11 10h.01M15 10h.01M8 14h8" />,
  alert: <path d="M12 8v5M12 16.5v.01M10.7 4.3 2.9 17.7A1.5 1.5 0 0 0 4.2 20h15.6a1.5 1.5 0 0 0 1.3-2.3L13.3 4.3a1.5 1.5 0 0 0-2.6 0Z" />,
  retry: <path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.5V9H15" />,
  account: <path d="M12 12.5a4.2 4.2 0 1 0 0-8.5 4.2 4.2 0 0 0 0 8.5ZM4 20.5a8 8 0 0 1 16 0" />,
  passkey: <path d="M9 11.5a3.8 3.8 0 1 0 0-7.5 3.8 3.8 0 0 0 0 7.5ZM2.5 19.5a6.6 6.6 0 0 1 10.2-5.5M17.6 14.4a2.9 2.9 0 1 0-2 0v5.4l1.2 1.2 1.7-1.7-1-1 1-1-1-1Z" />,
  shield: <path d="M12 3.5 19 6v5.5c0 4.2-2.9 7.6-7 9-4.1-1.4-7-4.8-7-9V6Z" />,
  device: <path d="M5.5 5h13A1.5 1.5 0 0 1 20 6.5V15H4V6.5A1.5 1.5 0 0 1 5.5 5ZM2.5 18.5h19" />,
  key: <path d="M8 15.8a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6ZM11.8 12H21M17.5 12v3.2M21 12v2.4" />,
  box: <path d="M4 8.5h16v11H4ZM3 4.5h18v4H3ZM9.5 12.5h5" />,
  copy: <path d="M9 9h10.5v10.5H9ZM5.5 15H4.5V4.5H15v1" />,
  download: <path d="M12 4.5v11M7.5 11.5 12 16l4.5-4.5M4.5 15.5v3a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5v-3" />,
  print: <path d="M7 8.5v-4h10v4M7 16.5H4.5v-8h15v8H17M7 13.5h10v6H7Z" />,
  people: <path d="M9 11.5A3.5 3.5 0 1 0 9 4.5a3.5 3.5 0 0 0 0 7ZM2.5 19.5a6.5 6.5 0 0 1 13 0M16 5a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.3" />,
  letter: <path d="M4 5.5h16v13H4ZM4 6.5l8 6.5 8-6.5" />,
  heart: <path d="M12 20S3.5 15.2 3.5 9.3A4.6 4.6 0 0 1 12 6.8a4.6 4.6 0 0 1 8.5 2.5C20.5 15.2 12 20 12 20Z" />,
  hearted: <path d="M12 20S3.5 15.2 3.5 9.3A4.6 4.6 0 0 1 12 6.8a4.6 4.6 0 0 1 8.5 2.5C20.5 15.2 12 20 12 20Z" fill="currentColor" />,
  star: <path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8Z" />,
  starred: <path d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8Z" fill="currentColor" />,
  bookmark: <path d="M7 4h10v16l-5-4-5 4Z" />,
  bookmarked: <path d="M7 4h10v16l-5-4-5 4Z" fill="currentColor" />,
  wand: <path d="m4 20 10-10M12.5 8.5l3 3M17 3v4M15 5h4M20 11v3M18.5 12.5h3M8 4v3M6.5 5.5h3" />,
} as const

export type IconName = keyof typeof shapes

export function Icon({ name, className = 'size-5' }: { name: IconName; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`shrink-0 ${className}`} fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round">
      {shapes[name]}
    </svg>
  )
}
