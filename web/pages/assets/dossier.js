// The page of a dossier: the scan that can be moved about in, and the pages that can be put in order.

import { startViewer } from './dossier-view.js';
import { startRail } from './dossier-rail.js';
import { startPointing } from './dossier-point.js';

const desk = document.querySelector('[data-desk]');
if (desk) {
  const viewer = startViewer(desk);
  startRail(desk, viewer);
  startPointing(desk, viewer);
}
