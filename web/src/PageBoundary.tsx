import { Component, type ReactNode } from 'react'
import i18next from 'i18next'
import { Button } from './ui/Button'
import { EmptyState } from './ui/Notice'

/** A page that fails to load or to draw leaves the rest standing, and the music playing. */
export class PageBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <div role="alert">
        <EmptyState title={i18next.t('crash.title')}>
          <p className="mb-6">{i18next.t('crash.text')}</p>
          <Button icon="retry" onClick={() => window.location.reload()}>{i18next.t('crash.reload')}</Button>
        </EmptyState>
      </div>
    )
  }
}
