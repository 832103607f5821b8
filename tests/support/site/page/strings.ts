import type { Language } from '../options.ts';

export interface Strings {
  readonly newChat: string;
  readonly ask: string;
  readonly greeting: string;
  readonly send: string;
  readonly stop: string;
  readonly voice: string;
  readonly attach: string;
  readonly copy: string;
  /** Header of a block whose fence names no language. */
  readonly plainText: string;
  readonly regenerate: string;
  readonly edit: string;
  readonly analyzed: string;
  readonly analyzing: string;
  readonly thought: string;
  readonly said: string;
  readonly pasted: string;
  readonly remove: string;
  readonly loading: string;
  readonly scenes: string;
  readonly chats: string;
  readonly footnote: string;
}

export const strings: Record<Language, Strings> = {
  en: {
    newChat: 'New chat',
    ask: 'Ask anything',
    greeting: 'What shall we work out?',
    send: 'Send prompt',
    stop: 'Stop streaming',
    voice: 'Use voice',
    attach: 'Add files',
    copy: 'Copy',
    plainText: 'Plain text',
    regenerate: 'Try again',
    edit: 'Edit message',
    analyzed: 'Analyzed',
    analyzing: 'Analyzing',
    thought: 'Thought',
    said: 'ChatGPT said:',
    pasted: 'Pasted text',
    remove: 'Remove',
    loading: 'Loading earlier messages',
    scenes: 'Scenes',
    chats: 'Chats',
    footnote: 'A local stand-in. Nothing here reaches the internet.',
  },
  de: {
    newChat: 'Neuer Chat',
    ask: 'Stelle eine Frage',
    greeting: 'Was rechnen wir heute?',
    send: 'Eingabe senden',
    stop: 'Antwort anhalten',
    voice: 'Sprache verwenden',
    attach: 'Dateien hinzufügen',
    copy: 'Kopieren',
    plainText: 'Nur Text',
    regenerate: 'Erneut versuchen',
    edit: 'Nachricht bearbeiten',
    analyzed: 'Analysiert',
    analyzing: 'Wird analysiert',
    thought: 'Nachgedacht',
    said: 'ChatGPT sagte:',
    pasted: 'Eingefügter Text',
    remove: 'Entfernen',
    loading: 'Frühere Nachrichten werden geladen',
    scenes: 'Szenen',
    chats: 'Chats',
    footnote: 'Ein lokaler Stellvertreter. Nichts davon gelangt ins Internet.',
  },
  ko: {
    newChat: '새 채팅',
    ask: '무엇이든 물어보세요',
    greeting: '무엇을 계산해 볼까요?',
    send: '프롬프트 보내기',
    stop: '스트리밍 중지',
    voice: '음성 사용',
    attach: '파일 추가',
    copy: '복사',
    plainText: '일반 텍스트',
    regenerate: '다시 시도',
    edit: '메시지 편집',
    analyzed: '분석됨',
    analyzing: '분석 중',
    thought: '생각함',
    said: 'ChatGPT의 말:',
    pasted: '붙여넣은 텍스트',
    remove: '제거',
    loading: '이전 메시지를 불러오는 중',
    scenes: '장면',
    chats: '채팅',
    footnote: '로컬 대역 사이트입니다. 인터넷으로 나가는 것은 없습니다.',
  },
  ar: {
    newChat: 'محادثة جديدة',
    ask: 'اسأل عن أي شيء',
    greeting: 'ماذا نحسب اليوم؟',
    send: 'إرسال الطلب',
    stop: 'إيقاف البث',
    voice: 'استخدام الصوت',
    attach: 'إضافة ملفات',
    copy: 'نسخ',
    plainText: 'نص عادي',
    regenerate: 'حاول مرة أخرى',
    edit: 'تعديل الرسالة',
    analyzed: 'تم التحليل',
    analyzing: 'جارٍ التحليل',
    thought: 'فكّر',
    said: 'قال ChatGPT:',
    pasted: 'نص ملصق',
    remove: 'إزالة',
    loading: 'جارٍ تحميل الرسائل السابقة',
    scenes: 'مشاهد',
    chats: 'المحادثات',
    footnote: 'موقع بديل محلي. لا شيء هنا يصل إلى الإنترنت.',
  },
};
