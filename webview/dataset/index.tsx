/** The dataset preview's page. */
import { startView } from '../ui/startView';
import { DatasetView } from './datasetView';
import './dataset.css';

startView({ Root: DatasetView, apply: state => state });
