import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The server embeds dist/ and answers with a strict Content-Security-Policy:
// nothing may be inlined into the page, so assets are never turned into data: URLs.
export default defineConfig({
  plugins: [react(), tailwind()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Few files for the first page: what it always needs, and what of ours several pages share.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'vendor', test: /node_modules\/(react|react-dom|scheduler|react-router|@tanstack|zustand|i18next|react-i18next|openapi-fetch)\// },
            { name: 'popovers', test: /node_modules\/(radix-ui|@radix-ui|@floating-ui)\//, minShareCount: 2 },
            { name: 'frame', test: /\/web\/src\//, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    // The server accepts cookie-authenticated writes of its own origin only.
    proxy: { '/api': { target: 'http://127.0.0.1:4533', changeOrigin: true, rewriteWsOrigin: true, headers: { origin: 'http://127.0.0.1:4533' } } },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
})
