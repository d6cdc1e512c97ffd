/** The chat's page. */
import { applyChat } from '../../src/shared/applyChat';
import { startView } from '../ui/startView';
import { ChatView } from './chatView';
import './chat.css';

startView({ Root: ChatView, apply: applyChat });
