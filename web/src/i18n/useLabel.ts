import { useTranslation } from 'react-i18next'

type Group = 'kinds' | 'hitKinds' | 'trackStates' | 'stages' | 'roles' | 'accountStates' | 'auditActions' | 'severities' | 'memberRoles' | 'memberRoleHints' | 'shareStates' | 'visibilities' | 'visibilityHints' | 'weights' | 'metadata' | 'creditRoles' | 'foundBy'

/** The word for a name that the server uses; a newer server's unknown name is shown as it is. */
export function useLabel(): (group: Group, name: string) => string {
  const { t, i18n } = useTranslation()
  return (group, name) => {
    const key = `${group}.${name}`
    return i18n.exists(key) ? String(t(key as 'kinds.album')) : name
  }
}
