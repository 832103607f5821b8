const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/**
 * Parts of the words that the site's protocol is written in: types, states, names of tools and of keys. What a value of a
 * protocol field has beyond them is replaced. One list for all fields, for none of these words says anything of a person.
 */
export const WORD_PARTS = list(`
  a ack active ada add ads adult agent all alt analysis anon answer any api app append appended approval apps archived
  area arg args array article artifact asset assistant async at attachment attachments audio author auto automations
  backend background base bash basic bio block blocked blocks body bold bot branch branching browse browser browsing
  bytes caas call calls calpico campaign canceled cancelled canmore canvas card cards catchup catchups celsius channel
  channels charset chart chat chatgpt check citable citation citations clears clicked client close closed code codeinterpreter codex
  column columns command comment commentary complete completed completion computer conduit connect connected
  connection connector connectors consent container content contents context continue conv conversation conversations
  cot count counter create created crisis css csv cursor custom cut dalle data dataframe date debug dec deep default
  delete deleted delta description design detail details dev developer direction disconnect display do document
  documents domain done download editable effect effort element elements email empty encoded encoding end ended
  endpoint error errors event events exception exchange exclude exec execution exit expired expression extra f failed
  failure failures false feed feedback fetch field fields file files final finish finished first flags for foreground
  form format forward found fragment fragmented from full function functions gen generated generation genui get gif
  gizmo gizmos google gpt grid group grouped guest handoff has hash header heartbeat height help helpline hidden high
  hint hints history hour html http https icon id ide idle image images import in include index info inline input
  insert instant instructions interaction interpreter interrupt interrupted ipython is item items javascript jpeg jpg json
  jupyter kernel key keys kind language large last launched layout length level library limit line link links list
  live local location log long low main map mapping markdown marker max me media medium memory message messages
  metadata method mime min mini minimal missing modal mode model models moderation modified more move mp4 mpeg msearch
  multimodal name named names nano nav new next no node nodes none not notebook notification notifications null num
  number o object octet off offset ok old on op open openai operation option options order origin original other out
  output page paged pairing parent part partial parts patch path pattern payload pdf pending perf persisted personal
  phase pineapple plain plan plugin plus png pointer policy position post posts preamble prepare presence presentation
  primary private pro product profile progress prompt public pulse push pyodide python python3 pythoncaascottool q query queue
  queued quick quiz quota quote r rate read ready real realtime reason reasoning recap received recipient recipients
  record recovered redacted ref reference references refs refused register remove removed render replace replaced
  reply report request requests required research reset resize resolved response rest result results resume retry
  review role root row rows run running safe safety sandbox saved score script sdk search section seen selected send
  sent sequence sequenceack server service session set severity shape share shared sheet shell shopping short show
  side size slide slug snapshot socket sonic sora sort source span spec sse starred start started state status stderr
  stdin stdout ste steer step steps stop stopped stored str stream streaming string structured style subagent
  subscribe subscribed subscription success successfully suggestion summary super supported surface survey svg switch
  system t table tabular tag task tasks temporary tether text text2im textdoc textdocs thinking thought thoughts
  thread time timeout timestamp title to toast todo token tokenless too tool tools top topic total trace transcription
  transport true truncate ts ttl turn turns txt type types unavailable undefined unknown unsubscribe update updated
  upload uploaded url urls usage use user utf v v1 value values variant variants version versions video view visible
  vision visualization visualizations vnd voice w wait warning warnings wav web webp webpage webpages webpubsub
  websocket weight widget widgets width wikipedia window with work working workspace write writing ws xls xlsx xml
  yaml yes zip
`);

/** Ids that mean something by themselves. */
export const SPOKEN_IDS = list('client-created-root new-conversation __proto__ prototype constructor');

/** Hosts that an address keeps. */
export const KNOWN_HOSTS = list('chatgpt.com chat.openai.com ws.chatgpt.com files.oaiusercontent.com');

/** Fields whose values are words of the protocol. */
export const WORD_KEYS = list(`
  role recipient channel status content_type type kind event marker update_type message_type stream_name direction mime_type mimeType
  tool_name tool_version language response_format_name model model_slug resolved_model_slug default_model_slug requested_model_slug
  reasoning_status async_status dataType from transport state o encoding supported_encodings error_code reason mode source visibility
`);

/** Fields that hold what somebody or something wrote: never read as an id, whatever they look like. */
export const TEXT_KEYS = list(`
  text parts content chunks summary title code command result stdout stderr name alt matched_text prompt message detail description query
  label instructions user_profile user_instructions model_set_context args traceback notes final_expression_output output_str cwd
  heading headline subtitle html markdown quote question answer note caption paragraph paragraphs lines bullets entries sections blocks rows
  cells
`);

/** Fields of ids beside those that end in `_id`. */
export const ID_KEYS = list(`
  id ids parent children current_node cursor before after start_cursor end_cursor topic group userId connectionId fromUserId gizmo uuid
`);

/** Keys with a part that is no word of the protocol elsewhere. */
export const KNOWN_KEYS = list(`
  p obj dir b64 accessToken access_token refresh_token reconnectionToken aggregate_result frames_asset_pointers assets banner_info beacon_ui_response caption cmd decoding_id execution_time_ms flagged
  has_previous_page headers hide_inline_actions inputs outputs is_visually_hidden_from_conversation limits_progress memory_used_bytes pages
  patches perf_stats problems rate_limited resolved_pineapple_uri retry-after retry_after_s runs screenshot sender server_timestamp_ms shared_prefix skipped_mainline
  snippet source_analysis_msg_id stop_tokens subscriptions sys timeout_triggered titles tool_icons tool_invoked workspaces wss_url
`);

/** Parameters of an address whose numbers say where in a list or how much of it. */
export const PAGING_PARAMETERS = list('offset limit page index count');

/** Fields of words that may hold a name or a place as well, which may be a word of the protocol too: what they are known to say. */
export const ORIGIN_KEYS = list('source from');
export const ORIGINS = list('api assistant client group search server system tool user web');

/** How the names of the site's tools begin. */
export const TOOLS = list(`
  api_tool automations bio browser canmore computer container dalle file_search gcal gmail image_gen myfiles_browser python
  python_user_visible web
`);

/** Numbers that say where or how many, not what. */
export const COUNT_KEYS = list(`
  c offset index count width height total total_fragments fragment_index sequenceId start_idx end_idx start_index end_index
  num_turns num_variants_in_stream
`);
