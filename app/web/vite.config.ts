import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022' },
  // `npm run dev -w @tierkit/web` with the API of a running system: API=<site URL> vite
  server: { proxy: process.env.API ? { '/api': { target: process.env.API, changeOrigin: true } } : {} },
});
