/** Where links of letters lead, and what belongs to them. */
export const letterPages = ['forgot-password', 'reset-password', 'confirm-registration', 'confirm-email', 'change-email', 'restore-email', 'export', 'goodbye'] as const
export type LetterPageName = (typeof letterPages)[number]
