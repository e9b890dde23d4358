// The dashboard's beginning.
import '@/app/styles';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from '@/app/App';
import { startLanguages } from '@/i18n';

const root = document.getElementById('root');
if (root) {
  await startLanguages();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
