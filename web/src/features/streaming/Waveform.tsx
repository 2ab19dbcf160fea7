import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { clock } from '../../ui/time'
import { useTheme } from '../../ui/theme'
import { drawBars, type WaveColours } from './bars'
import { livePositionMs, seek, usePlayer } from './player'

const steps: Record<string, number> = { ArrowLeft: -5000, ArrowDown: -5000, ArrowRight: 5000, ArrowUp: 5000, PageDown: -30_000, PageUp: 30_000 }

interface WaveformProps {
  peaks: readonly number[] | null
  /** A place in it that its listener marked, in ms. */
  mark?: number | undefined
  className?: string
}

/** The track's shape, which is also its slider: press, drag or use the arrow keys to go elsewhere. */
export function Waveform({ peaks, mark, className = '' }: WaveformProps) {
  const { t } = useTranslation()
  const positionMs = usePlayer((state) => state.positionMs)
  const durationMs = usePlayer((state) => state.durationMs)
  const [pointed, setPointed] = useState<number | null>(null)
  const dragging = useRef(false)
  const canvas = useBars(peaks, pointed)

  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (step !== undefined) seek(livePositionMs() + step)
    else if (event.key === 'Home') seek(0)
    else if (event.key === 'End') seek(durationMs)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    dragging.current = true
    setPointed(share(event))
  }
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    if (!dragging.current) return
    dragging.current = false
    seek(share(event) * durationMs)
    if (event.pointerType !== 'mouse') setPointed(null)
  }
  const letGo = () => {
    dragging.current = false
    setPointed(null)
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t('player.position')}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationMs / 1000)}
      aria-valuenow={Math.round(positionMs / 1000)}
      aria-valuetext={t('player.positionOf', { position: clock(positionMs), duration: clock(durationMs) })}
      className={`relative cursor-pointer touch-none select-none ${className}`}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => setPointed(share(event))}
      onPointerUp={onPointerUp}
      onPointerLeave={() => !dragging.current && setPointed(null)}
      onPointerCancel={letGo}
    >
      <canvas ref={canvas} className="pointer-events-none size-full" />
      {mark !== undefined && durationMs > 0 && (
        <span aria-hidden="true" className="pointer-events-none absolute -bottom-1 size-2 -translate-x-1/2 rounded-full bg-ink" style={{ left: `${Math.min(1, mark / durationMs) * 100}%` }} />
      )}
      {pointed !== null && (
        <div aria-hidden="true" className="pointer-events-none absolute inset-y-0 w-px bg-ink" style={{ left: `${pointed * 100}%` }}>
          <span className="figures absolute -top-7 -translate-x-1/2 rounded-md bg-ink px-1.5 py-0.5 text-xs font-semibold text-paper">{clock(pointed * durationMs)}</span>
        </div>
      )}
    </div>
  )
}

/** A canvas that shows the bars: drawn anew at each frame while music plays, else when something changes. */
function useBars(peaks: readonly number[] | null, pointed: number | null) {
  const ref = useRef<HTMLCanvasElement>(null)
  const status = usePlayer((state) => state.status)
  const positionMs = usePlayer((state) => state.positionMs)
  const theme = useTheme((state) => state.theme)
  const colours = useRef<WaveColours | null>(null)

  const draw = useCallback(() => {
    const canvas = ref.current
    if (!canvas) return
    colours.current ??= readColours(canvas)
    const { durationMs } = usePlayer.getState()
    const played = durationMs > 0 ? livePositionMs() / durationMs : 0
    drawBars(canvas, peaks, played, pointed, colours.current)
  }, [peaks, pointed])

  useEffect(() => {
    if (status !== 'playing') return
    let frame = requestAnimationFrame(function tick() {
      draw()
      frame = requestAnimationFrame(tick)
    })
    return () => cancelAnimationFrame(frame)
  }, [status, draw])
  // A seek while it stands still moves the position without a frame.
  // oxlint-disable-next-line react/exhaustive-deps
  useEffect(draw, [draw, positionMs, status])
  useEffect(() => {
    const redraw = () => {
      colours.current = null
      draw()
    }
    redraw()
    const size = new ResizeObserver(redraw)
    if (ref.current) size.observe(ref.current)
    const system = window.matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', redraw)
    return () => {
      size.disconnect()
      system.removeEventListener('change', redraw)
    }
    // Another theme has other colours.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [draw, theme])
  return ref
}

function readColours(element: Element): WaveColours {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name)
  return { rest: colour('--wave-rest'), ahead: colour('--wave-ahead'), played: colour('--wave-played') }
}

/** Where along the slider the pointer is, 0 to 1. */
function share(event: PointerEvent<HTMLDivElement>): number {
  const box = event.currentTarget.getBoundingClientRect()
  return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
}
