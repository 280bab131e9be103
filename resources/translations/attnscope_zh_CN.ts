<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AddVariantDialog</name>
    <message>
        <source>Add variant</source>
        <translation>添加变体</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>The variant is there until you close the window; the next time, add it again.</source>
        <translation>该变体在关闭窗口之前有效；下次需要重新添加。</translation>
    </message>
    <message>
        <source>This runs the Python code in the file, with all your rights. Only add files that you trust.</source>
        <translation>这会以您的全部权限运行文件中的 Python 代码。请只添加您信任的文件。</translation>
    </message>
</context>
<context>
    <name>BucketView</name>
    <message>
        <source>, a bar is the largest of {0}</source>
        <translation>，每条取 {0} 个桶中的最大值</translation>
    </message>
    <message>
        <source>, never the future.</source>
        <translation>，从不读取未来。</translation>
    </message>
    <message>
        <source>1  tokens in order</source>
        <translation>1  按原顺序的词元</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 个词元</translation>
    </message>
    <message>
        <source>2  hash, one bucket per token</source>
        <translation>2  哈希，每个词元一个桶</translation>
    </message>
    <message>
        <source>3  sort by bucket</source>
        <translation>3  按桶排序</translation>
    </message>
    <message>
        <source>4  chunk</source>
        <translation>4  分块</translation>
    </message>
    <message>
        <source>4  chunk: 1 chunk of {1} tokens</source>
        <translation>4  分块：1 块，共 {1} 个词元</translation>
    </message>
    <message>
        <source>4  chunk: {0} chunks of {1} tokens</source>
        <translation>4  分块：{0} 块，每块 {1} 个词元</translation>
    </message>
    <message>
        <source>; round {0} weighs most, {1} %.</source>
        <translation>；第 {0} 轮权重最大，{1} %。</translation>
    </message>
    <message>
        <source>Buckets</source>
        <translation>桶</translation>
    </message>
    <message>
        <source>Buckets hold {0} to {1} tokens; chunks of {2} make the work even.</source>
        <translation>各桶有 {0} 到 {1} 个词元；每块 {2} 个，使工作量均匀。</translation>
    </message>
    <message>
        <source>Click a token to see what it reads.</source>
        <translation>点击一个词元，看它读取哪些词元。</translation>
    </message>
    <message>
        <source>Next round  ]</source>
        <translation>下一轮  ]</translation>
    </message>
    <message>
        <source>No tokens yet.</source>
        <translation>还没有词元。</translation>
    </message>
    <message>
        <source>No tokens yet. Type or open a text, and its buckets appear here.</source>
        <translation>还没有词元。输入或打开一段文本，它的桶就会显示在这里。</translation>
    </message>
    <message>
        <source>One round only: a neighbour that fell into another bucket is missed.</source>
        <translation>只有一轮：落入其他桶的近邻会被漏掉。</translation>
    </message>
    <message>
        <source>Previous round  [</source>
        <translation>上一轮  [</translation>
    </message>
    <message>
        <source>Tokens of one bucket come to lie side by side, still in the order of the text.</source>
        <translation>同一个桶的词元排在一起，桶内仍保持文本顺序。</translation>
    </message>
    <message>
        <source>Vectors that point the same way fall into one bucket: {0} of {1} buckets are used.</source>
        <translation>方向相同的向量落入同一个桶：{1} 个桶中用到了 {0} 个。</translation>
    </message>
    <message>
        <source>a bar: largest of {0}</source>
        <translation>每条取 {0} 个桶中的最大值</translation>
    </message>
    <message>
        <source>bucket sizes</source>
        <translation>桶的大小</translation>
    </message>
    <message>
        <source>chunk length {0}</source>
        <translation>块长 {0}</translation>
    </message>
    <message>
        <source>each column is {0}</source>
        <translation>每列为 {0}</translation>
    </message>
    <message>
        <source>in its chunk</source>
        <translation>（在本块内）</translation>
    </message>
    <message>
        <source>in its chunk and the one before</source>
        <translation>（在本块和前一块内）</translation>
    </message>
    <message>
        <source>in its chunk and the {0} before</source>
        <translation>（在本块和前 {0} 块内）</translation>
    </message>
    <message>
        <source>one round</source>
        <translation>一轮</translation>
    </message>
    <message>
        <source>own</source>
        <translation>本块</translation>
    </message>
    <message>
        <source>own + previous</source>
        <translation>本块 + 前一块</translation>
    </message>
    <message>
        <source>own + {0} before</source>
        <translation>本块 + 前 {0} 块</translation>
    </message>
    <message>
        <source>round {0} of {1}</source>
        <translation>第 {0} 轮，共 {1} 轮</translation>
    </message>
    <message>
        <source>share</source>
        <translation>份额</translation>
    </message>
    <message>
        <source>share for {0}</source>
        <translation>{0}的份额</translation>
    </message>
    <message>
        <source>sizes</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>tokens per bucket</source>
        <translation>每桶词元数</translation>
    </message>
    <message>
        <source>tokens per bucket: {0} to {1}</source>
        <translation>每桶词元数：{0} 到 {1}</translation>
    </message>
    <message>
        <source>{0} finds no other token of its bucket within reach in any round, so it reads itself.</source>
        <translation>{0} 在任何一轮中都找不到可及的同桶词元，因此读取自身。</translation>
    </message>
    <message>
        <source>{0} finds no other token of its bucket within reach, so it reads itself.</source>
        <translation>{0} 找不到可及的同桶词元，因此读取自身。</translation>
    </message>
    <message>
        <source>{0} reads {1} of its own bucket {2}</source>
        <translation>{0} 读取同桶的 {1}{2}</translation>
    </message>
    <message>
        <source>{0} reads {1} over {2} rounds</source>
        <translation>{0} 在 {2} 轮中读取 {1}</translation>
    </message>
    <message>
        <source>{0} rounds</source>
        <translation>{0} 轮</translation>
    </message>
    <message>
        <source>{0} rounds, each sorted and chunked</source>
        <translation>{0} 轮，每轮各自排序和分块</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
    <message>
        <source>{0} · position {1} · bucket {2} · place {3} · chunk {4}</source>
        <translation>{0} · 位置 {1} · 桶 {2} · 次序 {3} · 块 {4}</translation>
    </message>
    <message>
        <source>{0}, attend {1}</source>
        <translation>{0}，注意范围：{1}</translation>
    </message>
    <message>
        <source>{0}, in the order of the text.</source>
        <translation>{0}，按文本顺序。</translation>
    </message>
</context>
<context>
    <name>BudgetDialog</name>
    <message>
        <source>A call that would take more is refused; it can be run anyway.</source>
        <translation>超出预算的调用会被拒绝；您可以选择“仍然运行”。</translation>
    </message>
    <message>
        <source>Budget of one call</source>
        <translation>单次调用的预算</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>{0} % of free memory</source>
        <translation>可用内存的 {0} %</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
</context>
<context>
    <name>ChipRow</name>
    <message>
        <source>More variants</source>
        <translation>更多变体</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>变体</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>No command is called that.</source>
        <translation>没有匹配的命令。</translation>
    </message>
    <message>
        <source>Type a command, a variant, a view …</source>
        <translation>输入命令、变体、视图…</translation>
    </message>
</context>
<context>
    <name>Controller</name>
    <message>
        <source>Run anyway</source>
        <translation>仍然运行</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>CostChart</name>
    <message>
        <source>Gains a point with every measurement</source>
        <translation>每次测量增加一个点</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>峰值内存</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Time and peak memory against length</source>
        <translation>时间和峰值内存随长度的变化</translation>
    </message>
    <message>
        <source>log–log</source>
        <translation>双对数</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>实测</translation>
    </message>
    <message>
        <source>out of memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>{count} points of {series}</source>
        <translation>{series} 的 {count} 个点</translation>
    </message>
</context>
<context>
    <name>DataForm</name>
    <message>
        <source>All of them</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Array</source>
        <translation>数组</translation>
    </message>
    <message>
        <source>Data of</source>
        <translation>数据来自</translation>
    </message>
    <message>
        <source>First key</source>
        <translation>首个键</translation>
    </message>
    <message>
        <source>First query or position</source>
        <translation>首个查询或位置</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>键</translation>
    </message>
    <message>
        <source>Last key</source>
        <translation>末个键</translation>
    </message>
    <message>
        <source>Last query or position</source>
        <translation>末个查询或位置</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Queries</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>With a Python file that draws it</source>
        <translation>附带绘图的 Python 文件</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Browse…</source>
        <translation>浏览…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Caption</source>
        <translation>图注</translation>
    </message>
    <message>
        <source>Copy BibTeX</source>
        <translation>复制 BibTeX</translation>
    </message>
    <message>
        <source>Copy caption</source>
        <translation>复制图注</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>How far the export has come</source>
        <translation>导出进度</translation>
    </message>
    <message>
        <source>Moment of the film</source>
        <translation>视频的时刻</translation>
    </message>
    <message>
        <source>Name a file first.</source>
        <translation>请先指定文件名。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>The caption is copied.</source>
        <translation>图注已复制。</translation>
    </message>
    <message>
        <source>The entry is copied.</source>
        <translation>条目已复制。</translation>
    </message>
    <message>
        <source>What went wrong</source>
        <translation>出了什么问题</translation>
    </message>
    <message>
        <source>{name} is there already. Replace it?</source>
        <translation>{name} 已存在。要替换吗？</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source> dpi</source>
        <translation> dpi</translation>
    </message>
    <message>
        <source> pt</source>
        <translation> pt</translation>
    </message>
    <message>
        <source>All panels</source>
        <translation>所有面板</translation>
    </message>
    <message>
        <source>All panes</source>
        <translation>所有窗格</translation>
    </message>
    <message>
        <source>Caption below</source>
        <translation>下方附图注</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Height that suits the picture</source>
        <translation>自动调整高度</translation>
    </message>
    <message>
        <source>Letters</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Panel</source>
        <translation>面板</translation>
    </message>
    <message>
        <source>Panes</source>
        <translation>窗格</translation>
    </message>
    <message>
        <source>Pixels to an inch</source>
        <translation>每英寸像素数</translation>
    </message>
    <message>
        <source>Print, colour</source>
        <translation>印刷，彩色</translation>
    </message>
    <message>
        <source>Print, grey scale</source>
        <translation>印刷，灰度</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>分辨率</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Size of the letters</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>The chosen pane alone</source>
        <translation>仅所选窗格</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Title above</source>
        <translation>上方加标题</translation>
    </message>
    <message>
        <source>Unit of width and height</source>
        <translation>宽度和高度的单位</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
</context>
<context>
    <name>FileCommands</name>
    <message>
        <source>Add variant</source>
        <translation>添加变体</translation>
    </message>
    <message>
        <source>Load results</source>
        <translation>载入结果</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open weights</source>
        <translation>打开权重</translation>
    </message>
    <message>
        <source>Panes not run yet: {count}; “Ready for the stage?” runs those of all scenes.</source>
        <translation>尚未运行的窗格：{count}；“可以上台了吗？”会运行所有场景的窗格。</translation>
    </message>
    <message>
        <source>Python files (*.py);;All (*)</source>
        <translation>Python 文件 (*.py);;全部 (*)</translation>
    </message>
    <message>
        <source>Recorded runs at hand: {count}; they are shown whenever the engine is not live.</source>
        <translation>可用的录制结果：{count}；引擎未就绪时会显示它们。</translation>
    </message>
    <message>
        <source>Results (*.attnscope-results)</source>
        <translation>结果 (*.attnscope-results)</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Saved {path}</source>
        <translation>已保存 {path}</translation>
    </message>
    <message>
        <source>Saved {path}; runs beside it: {count}.</source>
        <translation>已保存 {path}；随附的运行结果：{count}。</translation>
    </message>
    <message>
        <source>Sessions (*.attnscope)</source>
        <translation>会话 (*.attnscope)</translation>
    </message>
    <message>
        <source>Sessions and texts (*.attnscope *.txt *.md);;All (*)</source>
        <translation>会话和文本 (*.attnscope *.txt *.md);;全部 (*)</translation>
    </message>
    <message>
        <source>The picture is on the clipboard.</source>
        <translation>图片已复制到剪贴板。</translation>
    </message>
    <message>
        <source>There are results beside this session: {name}</source>
        <translation>此会话旁边有结果文件：{name}</translation>
    </message>
</context>
<context>
    <name>FilmForm</name>
    <message>
        <source> s</source>
        <translation> s</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> 个词元</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>最佳</translation>
    </message>
    <message>
        <source>Film of</source>
        <translation>视频内容</translation>
    </message>
    <message>
        <source>First length</source>
        <translation>起始长度</translation>
    </message>
    <message>
        <source>First step</source>
        <translation>首步</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Frames/s</source>
        <translation>帧/秒</translation>
    </message>
    <message>
        <source>From, to</source>
        <translation>起止</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>良好</translation>
    </message>
    <message>
        <source>Growing length</source>
        <translation>长度递增</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>How long it lasts</source>
        <translation>视频时长</translation>
    </message>
    <message>
        <source>Last length</source>
        <translation>终止长度</translation>
    </message>
    <message>
        <source>Last step</source>
        <translation>末步</translation>
    </message>
    <message>
        <source>Lasts</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>画质</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Small file</source>
        <translation>小文件</translation>
    </message>
    <message>
        <source>Speed, as on the screen times</source>
        <translation>速度（屏幕播放速度的倍数）</translation>
    </message>
    <message>
        <source>The steps</source>
        <translation>各步骤</translation>
    </message>
    <message>
        <source>What the film tells</source>
        <translation>视频展示的内容</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
</context>
<context>
    <name>FoldView</name>
    <message>
        <source>click to lock</source>
        <translation>点击锁定</translation>
    </message>
    <message>
        <source>not read by the locked token</source>
        <translation>锁定的词元不读取它</translation>
    </message>
    <message>
        <source>position {n}{piece}, row {row}, column {column}: {verdict}</source>
        <translation>位置 {n}{piece}，第 {row} 行，第 {column} 列：{verdict}</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Find a key</source>
        <translation>查找快捷键</translation>
    </message>
    <message>
        <source>In a picture</source>
        <translation>在图中</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Lock a token; once more lets it go</source>
        <translation>锁定词元；再次单击解除锁定</translation>
    </message>
    <message>
        <source>Move what is in view</source>
        <translation>移动视野</translation>
    </message>
    <message>
        <source>No key is called that. Ctrl+K finds every command.</source>
        <translation>没有匹配的快捷键。按 Ctrl+K 可查找所有命令。</translation>
    </message>
    <message>
        <source>Show everything again</source>
        <translation>重新显示全部</translation>
    </message>
    <message>
        <source>Type what you look for, or a key …</source>
        <translation>输入要找的内容或快捷键…</translation>
    </message>
    <message>
        <source>Zoom about the pointer, or the middle</source>
        <translation>以指针或中心为准缩放</translation>
    </message>
    <message>
        <source>click</source>
        <translation>单击</translation>
    </message>
    <message>
        <source>double click, 0</source>
        <translation>双击，0</translation>
    </message>
    <message>
        <source>drag, ← → ↑ ↓</source>
        <translation>拖动，← → ↑ ↓</translation>
    </message>
    <message>
        <source>wheel, + −</source>
        <translation>滚轮，+ −</translation>
    </message>
</context>
<context>
    <name>LengthSlider</name>
    <message>
        <source>For example 4096, 64K or 1M</source>
        <translation>例如 4096、64K 或 1M</translation>
    </message>
    <message>
        <source>Lengths go from {0} to {1}.</source>
        <translation>长度范围为 {0} 到 {1}。</translation>
    </message>
    <message>
        <source>Sequence length</source>
        <translation>序列长度</translation>
    </message>
    <message>
        <source>Sequence length, typed</source>
        <translation>序列长度（手动输入）</translation>
    </message>
    <message>
        <source>“{0}” is not a length: write 4096, 64K or 1M.</source>
        <translation>“{0}”不是长度：请写成 4096、64K 或 1M。</translation>
    </message>
</context>
<context>
    <name>LengthTrack</name>
    <message>
        <source>Sequence length</source>
        <translation>序列长度</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 个词元</translation>
    </message>
</context>
<context>
    <name>LivePanel</name>
    <message>
        <source>Live</source>
        <translation>实时指标</translation>
    </message>
    <message>
        <source>Run anyway</source>
        <translation>仍然运行</translation>
    </message>
    <message>
        <source>measured on this machine</source>
        <translation>在本机实测</translation>
    </message>
    <message>
        <source>recorded on {where}</source>
        <translation>录制于 {where}</translation>
    </message>
    <message>
        <source>recorded, not measured now</source>
        <translation>录制的结果，并非当前测得</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Weights on a logarithmic scale (Ctrl+L)</source>
        <translation>以对数刻度显示权重 (Ctrl+L)</translation>
    </message>
    <message>
        <source>log colours</source>
        <translation>对数色标</translation>
    </message>
</context>
<context>
    <name>MemoryStrip</name>
    <message>
        <source>Appears when a run is measured</source>
        <translation>测量一次运行后出现</translation>
    </message>
    <message>
        <source>Memory through one forward pass</source>
        <translation>一次前向计算中的内存</translation>
    </message>
    <message>
        <source>duration</source>
        <translation>持续时间</translation>
    </message>
    <message>
        <source>most allocated</source>
        <translation>最大分配量</translation>
    </message>
    <message>
        <source>peak {size}</source>
        <translation>峰值 {size}</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Dismiss (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
</context>
<context>
    <name>PagePreview</name>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
</context>
<context>
    <name>PaneHeader</name>
    <message>
        <source>Close this pane</source>
        <translation>关闭此窗格</translation>
    </message>
    <message>
        <source>Close this pane (Ctrl+W)</source>
        <translation>关闭此窗格 (Ctrl+W)</translation>
    </message>
</context>
<context>
    <name>PaneRun</name>
    <message>
        <source>{where}, with weights not open here</source>
        <translation>{where}（所用权重未在此打开）</translation>
    </message>
</context>
<context>
    <name>PaneView</name>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Segments</source>
        <translation>分段</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>ParameterForm</name>
    <message>
        <source>Nothing to set here.</source>
        <translation>这里没有可设置的参数。</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
</context>
<context>
    <name>PatternCanvas</name>
    <message>
        <source>No pairs to show yet. Type or open a text, and they appear here.</source>
        <translation>还没有可显示的词元对。输入或打开一段文本，它们就会显示在这里。</translation>
    </message>
    <message>
        <source>Pattern: which keys each query reads</source>
        <translation>模式：每个查询读取哪些键</translation>
    </message>
</context>
<context>
    <name>PatternView</name>
    <message>
        <source> · two steps: {q} → {m} → {k}</source>
        <translation> · 两步：{q} → {m} → {k}</translation>
    </message>
    <message>
        <source> · {q} does not reach {k} in two steps</source>
        <translation> · {q} 两步之内到不了 {k}</translation>
    </message>
    <message>
        <source>, weight {value}</source>
        <translation>，权重 {value}</translation>
    </message>
    <message>
        <source>, {value} in this cell of {high} × {wide} pairs</source>
        <translation>，此格（{high} × {wide} 个词元对）为 {value}</translation>
    </message>
    <message>
        <source>; here {share} % of {pairs} pairs</source>
        <translation>；此处 {pairs} 个词元对中保留 {share} %</translation>
    </message>
    <message>
        <source>a pixel: mass of its keys, mean over its queries</source>
        <translation>一个像素：各键权重之和，对查询取平均</translation>
    </message>
    <message>
        <source>a pixel: mass of its keys, mean over its queries, a − b</source>
        <translation>一个像素：各键权重之和，对查询取平均，a − b</translation>
    </message>
    <message>
        <source>a − b</source>
        <translation>a − b</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>kept ({reason})</source>
        <translation>保留（{reason}）</translation>
    </message>
    <message>
        <source>key →</source>
        <translation>键 →</translation>
    </message>
    <message>
        <source>masked</source>
        <translation>已掩蔽</translation>
    </message>
    <message>
        <source>masked, the key comes later</source>
        <translation>已掩蔽，键在后面</translation>
    </message>
    <message>
        <source>not computed yet</source>
        <translation>尚未计算</translation>
    </message>
    <message>
        <source>not kept</source>
        <translation>未保留</translation>
    </message>
    <message>
        <source>queries {q0}–{q1}, keys {k0}–{k1}</source>
        <translation>查询 {q0}–{q1}，键 {k0}–{k1}</translation>
    </message>
    <message>
        <source>queries × keys: {queries} × {keys}</source>
        <translation>查询 × 键：{queries} × {keys}</translation>
    </message>
    <message>
        <source>query {q}{q_piece} → key {k}{k_piece}</source>
        <translation>查询 {q}{q_piece} → 键 {k}{k_piece}</translation>
    </message>
    <message>
        <source>query ↓</source>
        <translation>查询 ↓</translation>
    </message>
    <message>
        <source>shade = share of a pixel’s pairs</source>
        <translation>深浅＝一个像素内保留的词元对占比</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>已过时</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>weight, log</source>
        <translation>权重，对数</translation>
    </message>
</context>
<context>
    <name>ReadingCell</name>
    <message>
        <source>Click to copy</source>
        <translation>点击复制</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>测量中</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>reconstructed</source>
        <translation>重构</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>已拒绝</translation>
    </message>
</context>
<context>
    <name>ScenesDialog</name>
    <message>
        <source>Caption</source>
        <translation>图注</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>F5 shows them on the stage, PgDown turns to the next; Shift+F5 checks all before a talk.</source>
        <translation>F5 在舞台上放映，PgDown 转到下一场景；演讲前可用 Shift+F5 全部检查一遍。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Numbers come from the runs: {name}, {tokens}, {rounds}, {kept}, {computed}, {pairs}, {time}, {memory}, {slower}, {larger}; of the second pane {kept2} and so on.</source>
        <translation>数字来自运行：{name}、{tokens}、{rounds}、{kept}、{computed}、{pairs}、{time}、{memory}、{slower}、{larger}；第二个窗格的写作 {kept2}，依此类推。</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Record the chosen scene anew</source>
        <translation>重新记录所选场景</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Scenes</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>The present state as a new scene (F7)</source>
        <translation>将当前状态记录为新场景 (F7)</translation>
    </message>
    <message>
        <source>There are no scenes yet. Record one with F7, or open a tour.</source>
        <translation>还没有场景。按 F7 记录一个，或打开导览。</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>{name}: {kept} of the pairs in {time}</source>
        <translation>{name}：保留 {kept} 的词元对，用时 {time}</translation>
    </message>
</context>
<context>
    <name>ScrubTrack</name>
    <message>
        <source>Playhead</source>
        <translation>播放头</translation>
    </message>
    <message>
        <source>nothing to play</source>
        <translation>没有可播放的步骤</translation>
    </message>
</context>
<context>
    <name>SegmentView</name>
    <message>
        <source>cached, no gradient</source>
        <translation>已缓存，无梯度</translation>
    </message>
    <message>
        <source>cannot reach it</source>
        <translation>无法到达它</translation>
    </message>
    <message>
        <source>computed now</source>
        <translation>当前计算</translation>
    </message>
    <message>
        <source>earlier, still reaches it</source>
        <translation>较早，仍可到达</translation>
    </message>
    <message>
        <source>layer {n}</source>
        <translation>第 {n} 层</translation>
    </message>
    <message>
        <source>pairs computed so far: {again} reading all again, {cached} with the cache: {times}× fewer</source>
        <translation>至今计算的词元对：全部重读 {again}，使用缓存 {cached}，相差 {times} 倍</translation>
    </message>
    <message>
        <source>position {n}{piece}, segment {segment}: {verdict}</source>
        <translation>位置 {n}{piece}，第 {segment} 段：{verdict}</translation>
    </message>
    <message>
        <source>reaches the token through {layers} of {count} layers</source>
        <translation>经 {count} 层中的 {layers} 层到达该词元</translation>
    </message>
    <message>
        <source>reading all again</source>
        <translation>全部重新读取</translation>
    </message>
    <message>
        <source>segment {n}</source>
        <translation>第 {n} 段</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>with the cache</source>
        <translation>使用缓存</translation>
    </message>
</context>
<context>
    <name>SpeakerView</name>
    <message>
        <source>Attnscope: for the speaker</source>
        <translation>Attnscope：演讲者视图</translation>
    </message>
    <message>
        <source>No picture yet. Shift+F5 plays every scene before the talk.</source>
        <translation>还没有图片。演讲前按 Shift+F5 播放所有场景。</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>The end</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>elapsed</source>
        <translation>已用时间</translation>
    </message>
    <message>
        <source>next</source>
        <translation>下一场景</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Stage</source>
        <translation>舞台</translation>
    </message>
</context>
<context>
    <name>StageCommands</name>
    <message>
        <source>Checking scene {number} of {count} …</source>
        <translation>正在检查第 {number} 个场景，共 {count} 个…</translation>
    </message>
    <message>
        <source>The stage will be on {stage}, the speaker’s view on {speaker}.</source>
        <translation>舞台将显示在 {stage} 上，演讲者视图显示在 {speaker} 上。</translation>
    </message>
</context>
<context>
    <name>StaleMark</name>
    <message>
        <source>stale</source>
        <translation>已过时</translation>
    </message>
</context>
<context>
    <name>StateView</name>
    <message>
        <source>KV cache of all {n} tokens</source>
        <translation>全部 {n} 个词元的 KV 缓存</translation>
    </message>
    <message>
        <source>KV cache so far, {n} tokens</source>
        <translation>至今的 KV 缓存，{n} 个词元</translation>
    </message>
    <message>
        <source>Kept for the next token</source>
        <translation>为下一个词元保留</translation>
    </message>
    <message>
        <source>Recurrence = parallel form</source>
        <translation>递推 = 并行形式</translation>
    </message>
    <message>
        <source>S, {rows} features × {columns} values</source>
        <translation>S，{rows} 个特征 × {columns} 个值</translation>
    </message>
    <message>
        <source>S, {rows} × {columns}</source>
        <translation>S，{rows} × {columns}</translation>
    </message>
    <message>
        <source>S[{row}, {column}] = {value} after {n} tokens</source>
        <translation>S[{row}, {column}] = {value}，{n} 个词元之后</translation>
    </message>
    <message>
        <source>at the tokens shown</source>
        <translation>在所示词元处</translation>
    </message>
    <message>
        <source>by the root of the size, each picture up to its own largest</source>
        <translation>按大小的平方根着色，各图以自身最大值为上限</translation>
    </message>
    <message>
        <source>largest difference {value}</source>
        <translation>最大差 {value}</translation>
    </message>
    <message>
        <source>state S, z at any length</source>
        <translation>状态 S、z，任意长度</translation>
    </message>
    <message>
        <source>v</source>
        <translation>v</translation>
    </message>
    <message>
        <source>z</source>
        <translation>z</translation>
    </message>
    <message>
        <source>φ(k)</source>
        <translation>φ(k)</translation>
    </message>
</context>
<context>
    <name>StatusDot</name>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>live</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>测量中</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
</context>
<context>
    <name>StudyView</name>
    <message>
        <source>+ {count} more</source>
        <translation>+ 另外 {count} 个</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>Click to copy</source>
        <translation>点击复制</translation>
    </message>
    <message>
        <source>Computing the first answer …</source>
        <translation>正在计算第一个结果…</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>No value above 0: a logarithmic axis has no place for it</source>
        <translation>没有大于 0 的值，无法在对数轴上显示</translation>
    </message>
    <message>
        <source>No values yet</source>
        <translation>还没有数值</translation>
    </message>
    <message>
        <source>Nothing to show yet. It is computed when there is a finished run.</source>
        <translation>还没有可显示的内容。运行完成后才会计算。</translation>
    </message>
    <message>
        <source>Study of the run</source>
        <translation>对本次运行的分析</translation>
    </message>
    <message>
        <source>Tokens that can reach token {target}, from the input up: {counts}</source>
        <translation>能到达词元 {target} 的词元数，自输入向上：{counts}</translation>
    </message>
    <message>
        <source>after layer {layer}</source>
        <translation>第 {layer} 层之后</translation>
    </message>
    <message>
        <source>cached, no gradient</source>
        <translation>已缓存，无梯度</translation>
    </message>
    <message>
        <source>can reach it</source>
        <translation>能到达它</translation>
    </message>
    <message>
        <source>cannot reach it</source>
        <translation>无法到达它</translation>
    </message>
    <message>
        <source>column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>computed</source>
        <translation>计算得到</translation>
    </message>
    <message>
        <source>entries</source>
        <translation>元素数</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>heights and widths to one scale</source>
        <translation>高与宽按同一比例</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>never made</source>
        <translation>从不生成</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>无值</translation>
    </message>
    <message>
        <source>of this row can reach it</source>
        <translation>（本行）能到达它</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>point {number}</source>
        <translation>点 {number}</translation>
    </message>
    <message>
        <source>reconstructed for display</source>
        <translation>为显示而重构</translation>
    </message>
    <message>
        <source>refining …</source>
        <translation>细化中…</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>rows × columns</source>
        <translation>行 × 列</translation>
    </message>
    <message>
        <source>segment {number}</source>
        <translation>第 {number} 段</translation>
    </message>
    <message>
        <source>sides below {least} are not to scale</source>
        <translation>小于 {least} 的边不按比例</translation>
    </message>
    <message>
        <source>stale</source>
        <translation>已过时</translation>
    </message>
    <message>
        <source>token {position}</source>
        <translation>词元 {position}</translation>
    </message>
    <message>
        <source>tokens {position}</source>
        <translation>词元 {position}</translation>
    </message>
    <message>
        <source>too small here to be drawn to scale</source>
        <translation>此处太小，无法按比例绘制</translation>
    </message>
    <message>
        <source>{count} points, {y} against {x}</source>
        <translation>{count} 个点，{y}随{x}的变化</translation>
    </message>
    <message>
        <source>{count} values ≤ 0 not shown</source>
        <translation>{count} 个 ≤ 0 的值未显示</translation>
    </message>
    <message>
        <source>{rows} × {columns} values from {low} to {high}</source>
        <translation>{rows} × {columns} 个值，从 {low} 到 {high}</translation>
    </message>
    <message>
        <source>{share} % can reach it</source>
        <translation>{share} % 能到达它</translation>
    </message>
    <message>
        <source>{y} against {x}: {lines}</source>
        <translation>{y}随{x}的变化：{lines}</translation>
    </message>
    <message>
        <source>… {count} more</source>
        <translation>… 另外 {count} 个</translation>
    </message>
</context>
<context>
    <name>TextPanel</name>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Part of the file, read only</source>
        <translation>文件的一部分，只读</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Text to run attention on</source>
        <translation>要计算注意力的文本</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Type or paste a text, drop a file, or choose a sample.</source>
        <translation>输入或粘贴一段文本，拖入文件，或选择示例。</translation>
    </message>
    <message>
        <source>Write my own</source>
        <translation>自己输入</translation>
    </message>
</context>
<context>
    <name>TextRow</name>
    <message>
        <source>Type a number in the range {range}.</source>
        <translation>请输入 {range} 范围内的数。</translation>
    </message>
    <message>
        <source>Type a number.</source>
        <translation>请输入一个数。</translation>
    </message>
    <message>
        <source>Type a whole number in the range {range}.</source>
        <translation>请输入 {range} 范围内的整数。</translation>
    </message>
    <message>
        <source>Type a whole number.</source>
        <translation>请输入一个整数。</translation>
    </message>
    <message>
        <source>Type positions with commas between them, such as 0, 64.</source>
        <translation>请输入以逗号分隔的位置，例如 0, 64。</translation>
    </message>
    <message>
        <source>Type whole numbers with commas between them, such as 128, 256, 512.</source>
        <translation>请输入以逗号分隔的整数，例如 128, 256, 512。</translation>
    </message>
</context>
<context>
    <name>Thumbnail</name>
    <message>
        <source>The next scene</source>
        <translation>下一场景</translation>
    </message>
</context>
<context>
    <name>TokenChips</name>
    <message>
        <source>No text yet. Type one, open a file or choose a sample.</source>
        <translation>还没有文本。请输入，打开文件，或选择示例。</translation>
    </message>
</context>
<context>
    <name>TokenStrip</name>
    <message>
        <source>The text in tokens</source>
        <translation>文本的词元</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>Loop</source>
        <translation>循环</translation>
    </message>
    <message>
        <source>Pause  Space</source>
        <translation>暂停  空格</translation>
    </message>
    <message>
        <source>Play  Space</source>
        <translation>播放  空格</translation>
    </message>
    <message>
        <source>Play the {0}</source>
        <translation>播放{0}</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Step back  ←</source>
        <translation>后退一步  ←</translation>
    </message>
    <message>
        <source>Step forward  →</source>
        <translation>前进一步  →</translation>
    </message>
    <message>
        <source>Transport</source>
        <translation>播放控制</translation>
    </message>
    <message>
        <source>length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>步骤</translation>
    </message>
</context>
<context>
    <name>UserCommands</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
</context>
<context>
    <name>ViewTabs</name>
    <message>
        <source>More views</source>
        <translation>更多视图</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>_Legend</name>
    <message>
        <source>read by {count}</source>
        <translation>被 {count} 个读取</translation>
    </message>
    <message>
        <source>reads and is read by {count}</source>
        <translation>读取 {count} 个，也被它们读取</translation>
    </message>
    <message>
        <source>reads {count}</source>
        <translation>读取 {count} 个</translation>
    </message>
    <message>
        <source>{piece} at {position}</source>
        <translation>{piece}，位置 {position}</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>Add pane</source>
        <translation>添加窗格</translation>
    </message>
    <message>
        <source>Add variant…</source>
        <translation>添加变体…</translation>
    </message>
    <message>
        <source>All keys</source>
        <translation>所有快捷键</translation>
    </message>
    <message>
        <source>Another variant beside this one, up to four</source>
        <translation>在旁边再加一个变体，最多四个</translation>
    </message>
    <message>
        <source>Black out</source>
        <translation>黑屏</translation>
    </message>
    <message>
        <source>Buckets, segments, state …: what only it has</source>
        <translation>桶、段、状态……：该变体独有的内容</translation>
    </message>
    <message>
        <source>Budget…</source>
        <translation>预算…</translation>
    </message>
    <message>
        <source>Close pane</source>
        <translation>关闭窗格</translation>
    </message>
    <message>
        <source>Close the window; text and settings are kept</source>
        <translation>关闭窗口；文本和设置会保留</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Copy as image</source>
        <translation>复制为图片</translation>
    </message>
    <message>
        <source>Dark, light, high contrast</source>
        <translation>深色、浅色、高对比度</translation>
    </message>
    <message>
        <source>Duplicate pane</source>
        <translation>复制窗格</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>English or 简体中文; the window opens anew</source>
        <translation>English 或 简体中文；窗口将重新打开</translation>
    </message>
    <message>
        <source>Everything as it is now, as a scene after the chosen one</source>
        <translation>将当前状态记录为场景，排在所选场景之后</translation>
    </message>
    <message>
        <source>Everything you have set, with its texts, in one file</source>
        <translation>将全部设置连同文本存入一个文件</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Find a command…</source>
        <translation>查找命令…</translation>
    </message>
    <message>
        <source>Give up what the engine is computing</source>
        <translation>中止引擎正在进行的计算</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>How long a call may take, and how much memory</source>
        <translation>一次调用可用多长时间和多少内存</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Let go of the locked token</source>
        <translation>解除对词元的锁定</translation>
    </message>
    <message>
        <source>Load results…</source>
        <translation>载入结果…</translation>
    </message>
    <message>
        <source>Logarithmic colours</source>
        <translation>对数色标</translation>
    </message>
    <message>
        <source>Make the change again that was taken back</source>
        <translation>重做已撤销的更改</translation>
    </message>
    <message>
        <source>Measure again</source>
        <translation>重新测量</translation>
    </message>
    <message>
        <source>Name, caption, order and remove scenes</source>
        <translation>为场景命名、加图注、排序和移除</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>新会话</translation>
    </message>
    <message>
        <source>Next language</source>
        <translation>下一种语言</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>下一个窗格</translation>
    </message>
    <message>
        <source>Next scene</source>
        <translation>下一场景</translation>
    </message>
    <message>
        <source>Next theme</source>
        <translation>下一个主题</translation>
    </message>
    <message>
        <source>Next view</source>
        <translation>下一个视图</translation>
    </message>
    <message>
        <source>Nine scenes on hashing, from sphere to rounds</source>
        <translation>九个场景，讲哈希，从球面到多轮</translation>
    </message>
    <message>
        <source>On the stage: nothing to look at but the speaker</source>
        <translation>舞台变黑，让观众只看演讲者</translation>
    </message>
    <message>
        <source>One pane, as at the very first start</source>
        <translation>只留一个窗格，如同首次启动</translation>
    </message>
    <message>
        <source>One text for all panes</source>
        <translation>所有窗格同一文本</translation>
    </message>
    <message>
        <source>Open a session, or a UTF-8 text of up to 50 MB</source>
        <translation>打开会话，或不超过 50 MB 的 UTF-8 文本</translation>
    </message>
    <message>
        <source>Open weights…</source>
        <translation>打开权重…</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Or a text for each pane</source>
        <translation>或每个窗格各用一个文本</translation>
    </message>
    <message>
        <source>Parameters of its training</source>
        <translation>训练时的参数</translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Play every scene once, and store its runs</source>
        <translation>将每个场景播放一遍，并存储运行结果</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>播放或暂停</translation>
    </message>
    <message>
        <source>Play the steps, or the growing length</source>
        <translation>播放各步骤，或长度递增的过程</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>Previous scene</source>
        <translation>上一场景</translation>
    </message>
    <message>
        <source>Previous view</source>
        <translation>上一个视图</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Ready for the stage?</source>
        <translation>可以上台了吗？</translation>
    </message>
    <message>
        <source>Record scene</source>
        <translation>记录场景</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Reduced motion</source>
        <translation>减少动态效果</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Run a Python file that defines a variant of your own</source>
        <translation>运行一个定义您自己变体的 Python 文件</translation>
    </message>
    <message>
        <source>Run and measure once more</source>
        <translation>再次运行并测量</translation>
    </message>
    <message>
        <source>Run on weights of your own: a folder that you trained</source>
        <translation>使用您自己的权重：训练所得的文件夹</translation>
    </message>
    <message>
        <source>Runs to show while the engine is not there</source>
        <translation>引擎不可用时显示的运行结果</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Save session as…</source>
        <translation>会话另存为…</translation>
    </message>
    <message>
        <source>Save with results</source>
        <translation>连同结果保存</translation>
    </message>
    <message>
        <source>Scenes…</source>
        <translation>场景…</translation>
    </message>
    <message>
        <source>Step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>Step forward</source>
        <translation>前进一步</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Swap screens</source>
        <translation>交换屏幕</translation>
    </message>
    <message>
        <source>Take back the last change</source>
        <translation>撤销上一次更改</translation>
    </message>
    <message>
        <source>Ten scenes on why attention is quadratic</source>
        <translation>十个场景，讲注意力为何是二次的</translation>
    </message>
    <message>
        <source>The attention weights that were computed</source>
        <translation>计算得到的注意力权重</translation>
    </message>
    <message>
        <source>The next tab</source>
        <translation>下一个标签页</translation>
    </message>
    <message>
        <source>The others take its place</source>
        <translation>其余窗格占用它的位置</translation>
    </message>
    <message>
        <source>The panes alone on the whole screen; Esc comes back</source>
        <translation>整个屏幕只显示窗格；按 Esc 返回</translation>
    </message>
    <message>
        <source>The present view as a figure, a film, or its data</source>
        <translation>将当前视图存为图、视频或数据</translation>
    </message>
    <message>
        <source>The present view on the clipboard, also as SVG</source>
        <translation>将当前视图复制到剪贴板（含 SVG）</translation>
    </message>
    <message>
        <source>The same once more, to change a parameter of it</source>
        <translation>再开一个相同的窗格，以便更改其参数</translation>
    </message>
    <message>
        <source>The same under another name</source>
        <translation>以另一个名称保存</translation>
    </message>
    <message>
        <source>The session, and beside it the runs of its panes and scenes</source>
        <translation>保存会话，并附上各窗格和场景的运行结果</translation>
    </message>
    <message>
        <source>The stage where the speaker’s view is, and the other way round</source>
        <translation>将舞台与演讲者视图所在的屏幕互换</translation>
    </message>
    <message>
        <source>The tab before</source>
        <translation>上一个标签页</translation>
    </message>
    <message>
        <source>The variant’s own view</source>
        <translation>变体独有的视图</translation>
    </message>
    <message>
        <source>Those that the weights were trained with</source>
        <translation>训练这些权重时所用的参数</translation>
    </message>
    <message>
        <source>To the beginning</source>
        <translation>到开头</translation>
    </message>
    <message>
        <source>To the beginning of the step, then to the one before</source>
        <translation>到本步骤开头，再到前一步骤</translation>
    </message>
    <message>
        <source>To the end</source>
        <translation>到结尾</translation>
    </message>
    <message>
        <source>To the first step</source>
        <translation>到第一个步骤</translation>
    </message>
    <message>
        <source>To the last step</source>
        <translation>到最后一个步骤</translation>
    </message>
    <message>
        <source>To the next scene, as a clicker’s button does</source>
        <translation>到下一场景，翻页笔的按键也可</translation>
    </message>
    <message>
        <source>To the next step</source>
        <translation>到下一个步骤</translation>
    </message>
    <message>
        <source>To the scene before, as a clicker’s button does</source>
        <translation>到上一场景，翻页笔的按键也可</translation>
    </message>
    <message>
        <source>Tour: hashing, from sphere to rounds</source>
        <translation>导览：哈希，从球面到多轮</translation>
    </message>
    <message>
        <source>Tour: why attention is quadratic, and five ways out</source>
        <translation>导览：注意力为何是二次的，以及五条出路</translation>
    </message>
    <message>
        <source>Turn to the next pane</source>
        <translation>转到下一个窗格</translation>
    </message>
    <message>
        <source>Type a few letters of what you want to do</source>
        <translation>输入几个字，查找想用的命令</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Unlock token</source>
        <translation>解除锁定</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Weights on a logarithmic scale</source>
        <translation>以对数刻度显示权重</translation>
    </message>
    <message>
        <source>What would move on its own jumps instead</source>
        <translation>原本会自行移动的内容改为直接跳变</translation>
    </message>
    <message>
        <source>Which pairs are kept</source>
        <translation>保留了哪些词元对</translation>
    </message>
</context>
<context>
    <name>caption</name>
    <message>
        <source>Colours are logarithmic.</source>
        <translation>颜色采用对数刻度。</translation>
    </message>
    <message>
        <source>Recorded on {where}.</source>
        <translation>录制于 {where}。</translation>
    </message>
    <message>
        <source>The weights are reconstructed for display.</source>
        <translation>权重为显示而重构。</translation>
    </message>
    <message>
        <source>Token {position} is locked.</source>
        <translation>已锁定词元 {position}。</translation>
    </message>
    <message>
        <source>a text of one’s own</source>
        <translation>自备文本</translation>
    </message>
    <message>
        <source>bidirectional</source>
        <translation>双向</translation>
    </message>
    <message>
        <source>causal</source>
        <translation>因果</translation>
    </message>
    <message>
        <source>layer {layer}, head {head}, {n} tokens of {text}</source>
        <translation>第 {layer} 层，第 {head} 头，{text}的 {n} 个词元</translation>
    </message>
    <message>
        <source>{kept}; {where}.</source>
        <translation>{kept}；{where}。</translation>
    </message>
    <message>
        <source>{label} · {n} tokens · layer {layer}, head {head}</source>
        <translation>{label} · {n} 个词元 · 第 {layer} 层，第 {head} 头</translation>
    </message>
    <message>
        <source>{label}: {told}.</source>
        <translation>{label}：{told}。</translation>
    </message>
    <message>
        <source>{name}: every {mask} pair is implied, none is scored</source>
        <translation>{name}：隐含所有{mask}词元对，不逐对打分</translation>
    </message>
    <message>
        <source>{name}: {share} % of the {mask} pairs kept</source>
        <translation>{name}：保留 {share} % 的{mask}词元对</translation>
    </message>
    <message>
        <source>{n} tokens</source>
        <translation>{n} 个词元</translation>
    </message>
    <message>
        <source>{n} tokens · layer {layer}, head {head}</source>
        <translation>{n} 个词元 · 第 {layer} 层，第 {head} 头</translation>
    </message>
    <message>
        <source>{sentence} {next}</source>
        <translation>{sentence}{next}</translation>
    </message>
    <message>
        <source>{told}.</source>
        <translation>{told}。</translation>
    </message>
    <message>
        <source>{variant}, {parameters}</source>
        <translation>{variant}，{parameters}</translation>
    </message>
</context>
<context>
    <name>counts</name>
    <message>
        <source>1000</source>
        <translation>10000</translation>
    </message>
    <message>
        <source>G</source>
        <translation>万亿</translation>
    </message>
    <message>
        <source>M</source>
        <translation>亿</translation>
    </message>
    <message>
        <source>T</source>
        <translation>亿亿</translation>
    </message>
    <message>
        <source>k</source>
        <translation>万</translation>
    </message>
</context>
<context>
    <name>data</name>
    <message>
        <source>The steps’ arrays</source>
        <translation>各步骤的数组</translation>
    </message>
    <message>
        <source>{count} values</source>
        <translation>{count} 个值</translation>
    </message>
    <message>
        <source>{name}: {shape} values, {dtype}</source>
        <translation>{name}：{shape} 个值，{dtype}</translation>
    </message>
</context>
<context>
    <name>difference</name>
    <message>
        <source> · zoomed out: difference of the shares kept</source>
        <translation> · 缩小时：所保留份额之差</translation>
    </message>
    <message>
        <source>No difference of weights: the run of {first} was not made.</source>
        <translation>没有权重之差：{first} 的运行未进行。</translation>
    </message>
    <message>
        <source>Weights of {own} minus those of {first}</source>
        <translation>权重之差：{own} − {first}</translation>
    </message>
    <message>
        <source>both</source>
        <translation>两者都有</translation>
    </message>
    <message>
        <source>only the first</source>
        <translation>仅第一个窗格</translation>
    </message>
    <message>
        <source>only this</source>
        <translation>仅此窗格</translation>
    </message>
    <message>
        <source>only {name}</source>
        <translation>仅“{name}”</translation>
    </message>
    <message>
        <source>output’s distance from that of {first}, relative</source>
        <translation>输出的相对距离（参照：{first}）</translation>
    </message>
    <message>
        <source>{first} keeps {one} %, {second} {other} % of the pairs</source>
        <translation>保留的词元对：{first} {one} %，{second} {other} %</translation>
    </message>
</context>
<context>
    <name>engines</name>
    <message>
        <source>(E·K)ᵀ</source>
        <translation>(E·K)ᵀ</translation>
    </message>
    <message>
        <source>1 A window</source>
        <translation>1 窗口</translation>
    </message>
    <message>
        <source>1/√d</source>
        <translation>1/√d</translation>
    </message>
    <message>
        <source>2 A stride</source>
        <translation>2 步幅</translation>
    </message>
    <message>
        <source>3 A hash</source>
        <translation>3 哈希</translation>
    </message>
    <message>
        <source>4 Low rank</source>
        <translation>4 低秩</translation>
    </message>
    <message>
        <source>5 A kernel</source>
        <translation>5 核函数</translation>
    </message>
    <message>
        <source>A Tale of Two Cities, opening</source>
        <translation>《双城记》开篇</translation>
    </message>
    <message>
        <source>A ball on a striped cloth, 32 × 32 pixels</source>
        <translation>条纹布上的球，32 × 32 像素</translation>
    </message>
    <message>
        <source>A causal run multiplies queries and keys inside chunks of this many tokens, and reads all earlier ones from the running state. It changes the speed, not the result; 1 is the recurrence, token by token.</source>
        <translation>因果运行在这么多词元的分块内把查询与键相乘，更早的词元则从运行状态中读取。它只改变速度，不改变结果；1 即逐个词元的递推。</translation>
    </message>
    <message>
        <source>A fact is placed in the text and asked for at the end: how far away may it be, for each variant trained?</source>
        <translation>在文本中放入一个事实，最后再询问：对每个训练过的变体，它可以离多远？</translation>
    </message>
    <message>
        <source>A hash from the sphere</source>
        <translation>来自球面的哈希</translation>
    </message>
    <message>
        <source>A new token, both ways</source>
        <translation>新词元，两种方式</translation>
    </message>
    <message>
        <source>A pair that one round misses, another may find.</source>
        <translation>一轮漏掉的词元对，另一轮可能找到。</translation>
    </message>
    <message>
        <source>A random rotation cuts the sphere: the side a token points to is its bucket.</source>
        <translation>随机旋转把球面切开：词元指向哪一侧，就落入哪个桶。</translation>
    </message>
    <message>
        <source>A second rotation</source>
        <translation>第二次旋转</translation>
    </message>
    <message>
        <source>A segment is computed before the ones after it exist; its memory holds earlier tokens only, so there is nothing later to look at.</source>
        <translation>一段在其后各段出现之前就已计算；它的记忆只含更早的词元，因此后面没有可看的内容。</translation>
    </message>
    <message>
        <source>A sliding window, and global tokens in the other colour.</source>
        <translation>滑动窗口，另一种颜色是全局词元。</translation>
    </message>
    <message>
        <source>A text in order</source>
        <translation>按顺序排列的文本</translation>
    </message>
    <message>
        <source>A token is global every so many tokens; the work then grows as n²/k.</source>
        <translation>每隔这么多词元有一个全局词元；工作量按 n²/k 增长。</translation>
    </message>
    <message>
        <source>After training, first {n} tokens</source>
        <translation>训练后，前 {n} 个词元</translation>
    </message>
    <message>
        <source>After: weights trained on with the variant in place. The first {n} tokens of the text.</source>
        <translation>训练后：换上该变体继续训练的权重。文本的前 {n} 个词元。</translation>
    </message>
    <message>
        <source>Against exact attention, {queries} queries; the band spans {draws} draws of E and F.</source>
        <translation>与精确注意力比较，{queries} 个查询；色带涵盖 E 和 F 的 {draws} 次抽样。</translation>
    </message>
    <message>
        <source>And on it goes</source>
        <translation>如此继续</translation>
    </message>
    <message>
        <source>Another number draws other blocks.</source>
        <translation>换一个数就抽取其他的块。</translation>
    </message>
    <message>
        <source>Any earlier token is two hops away.</source>
        <translation>任何更早的词元，两跳即可到达。</translation>
    </message>
    <message>
        <source>At every length the state is the smaller one</source>
        <translation>在任何长度上状态都更小</translation>
    </message>
    <message>
        <source>At this length</source>
        <translation>在此长度下</translation>
    </message>
    <message>
        <source>At {tokens} tokens: {name} {time}, {name2} {time2}, {name3} {time3}, {name4} {time4}.</source>
        <translation>{tokens} 个词元时：{name} {time}，{name2} {time2}，{name3} {time3}，{name4} {time4}。</translation>
    </message>
    <message>
        <source>Attention matrices are of low rank, so the n keys and values are mixed down to k, and every token reads the k mixtures. Twice the text, twice the time; but a mixture holds later tokens too, so it cannot be causal.</source>
        <translation>注意力矩阵是低秩的，因此把 n 个键和值混合成 k 个，每个词元读取这 k 个混合。文本加倍，时间加倍；但混合中也含有后面的词元，因此不能是因果的。</translation>
    </message>
    <message>
        <source>Attention sinks</source>
        <translation>注意力汇点</translation>
    </message>
    <message>
        <source>Before training, first {n} tokens</source>
        <translation>训练前，前 {n} 个词元</translation>
    </message>
    <message>
        <source>Before: weights trained with full attention, the variant put in place. The first {n} tokens of the text.</source>
        <translation>训练前：用全注意力训练的权重，换上该变体。文本的前 {n} 个词元。</translation>
    </message>
    <message>
        <source>Beside everything</source>
        <translation>与全注意力相比</translation>
    </message>
    <message>
        <source>BigBird</source>
        <translation>BigBird</translation>
    </message>
    <message>
        <source>Block B</source>
        <translation>块大小 B</translation>
    </message>
    <message>
        <source>Blocks of the window on each side of the own one; 1 is the paper’s window of 3. Causal: only before it.</source>
        <translation>窗口在本块每一侧的块数；1 即论文中 3 块的窗口。因果时只在其前。</translation>
    </message>
    <message>
        <source>Buckets</source>
        <translation>桶</translation>
    </message>
    <message>
        <source>Buckets differ in size; chunks do not. A token reads its own chunk and the one before.</source>
        <translation>桶有大有小，分块则一样长。词元读取自己的分块和前一个分块。</translation>
    </message>
    <message>
        <source>By what factor the estimate misses, positive features</source>
        <translation>估计偏差的倍数，正值特征</translation>
    </message>
    <message>
        <source>Cached or again</source>
        <translation>缓存或重算</translation>
    </message>
    <message>
        <source>Chosen tokens</source>
        <translation>指定词元</translation>
    </message>
    <message>
        <source>Chunk length</source>
        <translation>分块长度</translation>
    </message>
    <message>
        <source>Chunks of equal length</source>
        <translation>等长的分块</translation>
    </message>
    <message>
        <source>Compare with the number before. This is what quadratic means.</source>
        <translation>与前一个数字比较。这就是二次的含义。</translation>
    </message>
    <message>
        <source>Compared on the first {compared} tokens</source>
        <translation>在前 {compared} 个词元上比较</translation>
    </message>
    <message>
        <source>Cost: attention of layer {layer} alone, {heads} heads × {width}, on random queries, keys and values; every variant with the settings of its training, not those of this run.</source>
        <translation>成本：仅第 {layer} 层的注意力，{heads} 头 × {width}，使用随机的查询、键和值；每个变体用其训练时的设置，而非本次运行的设置。</translation>
    </message>
    <message>
        <source>Count a pair once</source>
        <translation>每对只计一次</translation>
    </message>
    <message>
        <source>Dashed: Dai et al. 2019, table 9, a larger model on other hardware. The speed-up of long contexts comes near half the context: one reading of {context} tokens gives one new token, or, over twice the keys, {context} of them.</source>
        <translation>虚线：Dai et al. 2019，表 9，更大的模型和其他硬件。上下文很长时，加速接近上下文的一半：读取一次 {context} 个词元得到一个新词元，或在两倍的键上得到 {context} 个。</translation>
    </message>
    <message>
        <source>Dilated from layer</source>
        <translation>空洞起始层</translation>
    </message>
    <message>
        <source>Dilation</source>
        <translation>空洞率</translation>
    </message>
    <message>
        <source>Distances</source>
        <translation>距离</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>抽样编号</translation>
    </message>
    <message>
        <source>E</source>
        <translation>E</translation>
    </message>
    <message>
        <source>Each round costs as much as the first.</source>
        <translation>每一轮的代价都与第一轮相同。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Error of the kernel’s estimate, this text’s pairs</source>
        <translation>核估计的误差，这段文本的词元对</translation>
    </message>
    <message>
        <source>Error of the output against exact attention, first {tokens} tokens</source>
        <translation>输出相对精确注意力的误差，前 {tokens} 个词元</translation>
    </message>
    <message>
        <source>Every token compares itself with every token it may see. Nothing is lost, and the work grows with the square of the length: twice the text, four times the time.</source>
        <translation>每个词元都与它能看到的每个词元比较。不损失任何信息，工作量随长度的平方增长：文本加倍，时间变为四倍。</translation>
    </message>
    <message>
        <source>Every token reads its neighbours only, through a window that slides along the text. A few global tokens read everything and are read by all, and carry what is far away. Twice the text, twice the time.</source>
        <translation>每个词元只通过沿文本滑动的窗口读取近邻。少数全局词元读取全部内容，也被所有词元读取，从而传递远处的信息。文本加倍，时间加倍。</translation>
    </message>
    <message>
        <source>Every token reads the last tokens through a sliding window, and the very first ones, where trained models put the attention they do not need. What is kept for the next token never grows.</source>
        <translation>每个词元通过滑动窗口读取最近的词元，以及最开头的几个词元——训练好的模型把多余的注意力放在那里。为下一个词元保留的内容永不增长。</translation>
    </message>
    <message>
        <source>Every token reads two small sets: its neighbourhood, and a few tokens spread over all that came before. A second step through one of those reaches everything. Strided suits pictures and sound, fixed suits text.</source>
        <translation>每个词元读取两个小集合：它的邻域，以及散布在之前全部内容中的少数词元。再经其中之一走一步，就能到达一切。步幅式适合图像和声音，固定式适合文本。</translation>
    </message>
    <message>
        <source>Every {every}th query stands for its neighbours.</source>
        <translation>每 {every} 个查询取一个代表其相邻项。</translation>
    </message>
    <message>
        <source>Everybody reads everybody before</source>
        <translation>每个词元读取之前的所有词元</translation>
    </message>
    <message>
        <source>Exact softmax kernel against its estimate on this text’s queries and keys, and the error as m grows</source>
        <translation>在这段文本的查询和键上，精确 softmax 核与其估计的比较，以及误差随 m 的变化</translation>
    </message>
    <message>
        <source>E·K</source>
        <translation>E·K</translation>
    </message>
    <message>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <source>F = E</source>
        <translation>F = E</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>Fixed scheme: the last c tokens of each block are read by all later ones; more than ℓ count as ℓ.</source>
        <translation>固定式：每块的最后 c 个词元被之后所有词元读取；大于 ℓ 时按 ℓ 计。</translation>
    </message>
    <message>
        <source>Found at the end, by distance</source>
        <translation>末尾找回的比例（按距离）</translation>
    </message>
    <message>
        <source>From the cards of the weights: 4,096 tokens each of texts kept out of training; means of each octave.</source>
        <translation>取自权重的说明卡：每篇未参与训练的文本取 4,096 个词元；每个倍频程取平均。</translation>
    </message>
    <message>
        <source>From the weights: relative where they have u, v and W_kR, else those they were trained with. Relative, untrained: u, v and W_kR are drawn, to see their cost and working; no weights know them.</source>
        <translation>来自权重：权重中有 u、v 和 W_kR 时用相对位置，否则用训练时的位置编码。相对，未训练：随机抽取 u、v 和 W_kR，以观察其代价和作用；没有权重学过它们。</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>全注意力</translation>
    </message>
    <message>
        <source>Full attention of the first {window} tokens, both ways; a line for each head of this layer.</source>
        <translation>前 {window} 个词元的双向全注意力；本层每头一条线。</translation>
    </message>
    <message>
        <source>Full attention of this layer’s queries and keys, both ways; a line for each head.</source>
        <translation>本层查询和键的双向全注意力；每头一条线。</translation>
    </message>
    <message>
        <source>Full attention, causal: token {token} is changed</source>
        <translation>全注意力，因果：改变词元 {token}</translation>
    </message>
    <message>
        <source>Further blocks that each block reads, drawn anew for each block, head and layer.</source>
        <translation>每块另外读取的块，按每块、每头、每层重新抽取。</translation>
    </message>
    <message>
        <source>Fused: tiled, the scores are never stored. Textbook: the n × n scores are written out.</source>
        <translation>融合：分片计算，从不存储分数。朴素：写出 n × n 个分数。</translation>
    </message>
    <message>
        <source>F·V</source>
        <translation>F·V</translation>
    </message>
    <message>
        <source>Gaussian</source>
        <translation>高斯</translation>
    </message>
    <message>
        <source>Genesis 1:1–10</source>
        <translation>《创世记》1:1–10</translation>
    </message>
    <message>
        <source>Genesis and Exodus</source>
        <translation>《创世记》与《出埃及记》</translation>
    </message>
    <message>
        <source>Global blocks</source>
        <translation>全局块</translation>
    </message>
    <message>
        <source>Global tokens</source>
        <translation>全局词元</translation>
    </message>
    <message>
        <source>Global: every k-th</source>
        <translation>全局：每 k 个</translation>
    </message>
    <message>
        <source>Hamlet</source>
        <translation>《哈姆雷特》</translation>
    </message>
    <message>
        <source>Hash rounds</source>
        <translation>哈希轮数</translation>
    </message>
    <message>
        <source>Hashing</source>
        <translation>哈希方式</translation>
    </message>
    <message>
        <source>Head {head} after training</source>
        <translation>第 {head} 头，训练后</translation>
    </message>
    <message>
        <source>Head {head} before training</source>
        <translation>第 {head} 头，训练前</translation>
    </message>
    <message>
        <source>Heads</source>
        <translation>各头分工</translation>
    </message>
    <message>
        <source>Headwise: E and F for each layer, the same for its heads. Key-value: E = F as well. Layerwise: one matrix for all layers. Mean pooling has nothing to share.</source>
        <translation>按头：每层各有 E 和 F，层内各头相同。键值：另外 E = F。按层：所有层共用一个矩阵。平均池化没有可共享的。</translation>
    </message>
    <message>
        <source>Held-out loss of every variant trained with this mask, against the time and memory it takes at this length</source>
        <translation>用此掩码训练过的各变体的留出损失，与其在此长度下所需时间和内存的关系</translation>
    </message>
    <message>
        <source>How close to exact</source>
        <translation>与精确结果的差距</translation>
    </message>
    <message>
        <source>How close to exact, head {head}</source>
        <translation>与精确结果的差距，第 {head} 头</translation>
    </message>
    <message>
        <source>How few keys matter, layer {layer}</source>
        <translation>真正起作用的键，第 {layer} 层</translation>
    </message>
    <message>
        <source>How many buckets the hash has, rounded up to an even number; 1 puts all tokens together. Auto: 2n/m, so that a chunk holds two buckets on average.</source>
        <translation>哈希的桶数，向上取为偶数；1 把所有词元放在一起。自动：2n/m，使每块平均含两个桶。</translation>
    </message>
    <message>
        <source>How many mixtures the keys and the values are projected to.</source>
        <translation>键和值投影成多少个混合。</translation>
    </message>
    <message>
        <source>How many random vectors make the features. The squared error of an estimate falls as 1/m; time and state grow with m.</source>
        <translation>用多少个随机向量构成特征。估计的平方误差按 1/m 下降；时间和状态随 m 增长。</translation>
    </message>
    <message>
        <source>How much of the attention on this text k dimensions can hold, what is really multiplied, and the error.</source>
        <translation>k 维能容纳这段文本的多少注意力，实际相乘的是什么，以及误差。</translation>
    </message>
    <message>
        <source>How much of the softmax mass the strongest keys of a query hold, against how many keys that is</source>
        <translation>一个查询最强的若干键占多少 softmax 概率，随键数的变化</translation>
    </message>
    <message>
        <source>How often to hash, each time with other rotations. More rounds find more of the pairs that matter.</source>
        <translation>哈希多少次，每次用不同的旋转。轮数越多，找到的重要词元对越多。</translation>
    </message>
    <message>
        <source>How well each next token is foretold, by position: on held-out text, every variant trained, and on this one</source>
        <translation>按位置看下一个词元预测得多好：各训练过的变体在留出文本上，以及在这段文本上</translation>
    </message>
    <message>
        <source>Images, pixel by pixel</source>
        <translation>图像，逐个像素</translation>
    </message>
    <message>
        <source>Implementation</source>
        <translation>实现方式</translation>
    </message>
    <message>
        <source>In original order</source>
        <translation>按原来的顺序</translation>
    </message>
    <message>
        <source>It keeps no pairs: softmax mass found is not defined for it.</source>
        <translation>它不保留词元对，因此没有“覆盖的 softmax 概率”。</translation>
    </message>
    <message>
        <source>Its key and value are another token’s. Bars before it are information from the future.</source>
        <translation>它的键和值换成另一个词元的。它之前的条形是来自未来的信息。</translation>
    </message>
    <message>
        <source>K</source>
        <translation>K</translation>
    </message>
    <message>
        <source>Kept for the next token</source>
        <translation>为下一个词元保留</translation>
    </message>
    <message>
        <source>Key mass</source>
        <translation>注意力占比</translation>
    </message>
    <message>
        <source>Keys that an average query of head {head} needs</source>
        <translation>第 {head} 头的平均查询所需的键</translation>
    </message>
    <message>
        <source>Layers below it take every token. The paper dilates upper layers only, on two heads.</source>
        <translation>此层以下取每个词元。论文只在较高层的两个头上使用空洞。</translation>
    </message>
    <message>
        <source>Length of the window and distance of the far keys; for a picture, its width. Auto: √n, rounded.</source>
        <translation>窗口的长度，也是远处键的间距；对图像而言是其宽度。自动：取整的 √n。</translation>
    </message>
    <message>
        <source>Lengths of the random vectors: of Gaussian vectors, which gives no bias; or all √d, which varies less and is a little biased.</source>
        <translation>随机向量的长度：取高斯向量的长度，无偏；或全取 √d，方差较小但略有偏差。</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linear</translation>
    </message>
    <message>
        <source>Linear Transformer</source>
        <translation>Linear Transformer</translation>
    </message>
    <message>
        <source>Linformer</source>
        <translation>Linformer</translation>
    </message>
    <message>
        <source>Local window as in the official code</source>
        <translation>局部窗口同官方代码</translation>
    </message>
    <message>
        <source>Longformer</source>
        <translation>Longformer</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Loss by position, held-out text</source>
        <translation>各位置的损失，留出文本</translation>
    </message>
    <message>
        <source>Loss by position, this text</source>
        <translation>各位置的损失，这段文本</translation>
    </message>
    <message>
        <source>Low rank</source>
        <translation>低秩</translation>
    </message>
    <message>
        <source>Mean over all tokens but the first: {mean} nats; weights “{weights}”, {variant} in place.</source>
        <translation>除第一个外所有词元的平均：{mean} 奈特；权重“{weights}”，使用“{variant}”。</translation>
    </message>
    <message>
        <source>Measured here and now. At short lengths the plain one often wins: drag the length, see where they cross.</source>
        <translation>此时此地测得。长度短时普通注意力往往更快：拖动长度，看它们在哪里相交。</translation>
    </message>
    <message>
        <source>Measured here, attention of one layer alone; medians and quartiles of {repeats}. A text that is shorter is repeated</source>
        <translation>在本机实测，只含一层的注意力；{repeats} 次的中位数和四分位数。较短的文本会重复</translation>
    </message>
    <message>
        <source>Measured now on {device}: all {layers} layers of the shipped model, {heads} heads × {width}, float32, medians of up to {repeats} runs in turn. Again: the whole context is read for each token. Cached: a segment as long as the context reads the cached one before it; its time is shared by its tokens.</source>
        <translation>现在在 {device} 上实测：随附模型的全部 {layers} 层，{heads} 头 × {width}，float32，轮流运行最多 {repeats} 次取中位数。重算：为每个词元读取整个上下文。缓存：与上下文等长的一段读取缓存的前一段；其时间由段内词元分摊。</translation>
    </message>
    <message>
        <source>Measured now on {device}: all {layers} layers of the shipped model, {heads} heads × {width}, float32, medians of up to {repeats} runs in turn. Again: the whole context is read for each token. Cached: a segment as long as the context reads the cached one before it; its time is shared by its tokens. This text is too short for the longer contexts, and is repeated.</source>
        <translation>现在在 {device} 上实测：随附模型的全部 {layers} 层，{heads} 头 × {width}，float32，轮流运行最多 {repeats} 次取中位数。重算：为每个词元读取整个上下文。缓存：与上下文等长的一段读取缓存的前一段；其时间由段内词元分摊。这段文本对较长的上下文来说太短，因此重复使用。</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>Merged: every head reads both sets. Interleaved: even layers read the first set, odd ones the second. One pattern per head: even heads the first, odd ones the second.</source>
        <translation>合并：每个头读取两个集合。交错：偶数层读取第一集合，奇数层读取第二集合。每头一种模式：偶数头读取第一集合，奇数头读取第二集合。</translation>
    </message>
    <message>
        <source>Models of {parameters} million parameters, trained on with each variant for {tokens} tokens in texts of {length}: who is ahead among such tiny ones need not be ahead among large ones.</source>
        <translation>参数量 {parameters} M 的模型，用每个变体在长 {length} 个词元的文本上继续训练 {tokens} 个词元：在这样的小模型中领先的，在大模型中未必领先。</translation>
    </message>
    <message>
        <source>Most weights are next to nothing</source>
        <translation>大多数权重几乎为零</translation>
    </message>
    <message>
        <source>Needle</source>
        <translation>寻针</translation>
    </message>
    <message>
        <source>Neighbours</source>
        <translation>相邻块数</translation>
    </message>
    <message>
        <source>No dot for {names}: a call would take more than {seconds} s, and memory is measured or not given at all.</source>
        <translation>{names} 没有点：一次调用会超过 {seconds} 秒，而内存只给实测值。</translation>
    </message>
    <message>
        <source>No pair is left out, and none is scored by itself. It cannot be causal.</source>
        <translation>没有遗漏任何词元对，也没有为任何一对单独打分。它不能是因果的。</translation>
    </message>
    <message>
        <source>No window and no stride: the text itself decides who reads whom.</source>
        <translation>没有窗口也没有步幅：由文本自己决定谁读谁。</translation>
    </message>
    <message>
        <source>Norms</source>
        <translation>范数</translation>
    </message>
    <message>
        <source>Nothing before the token can move. The upright scales differ: the tallest bar is {causal} here, {own} with {variant}.</source>
        <translation>该词元之前的输出都不会变化。纵轴刻度不同：这里最高的条形是 {causal}，“{variant}”则是 {own}。</translation>
    </message>
    <message>
        <source>Of all the change</source>
        <translation>占全部变化的比例</translation>
    </message>
    <message>
        <source>On the right the state after each token: as large at the end as at the beginning.</source>
        <translation>右边是每个词元之后的状态：结束时与开始时一样大。</translation>
    </message>
    <message>
        <source>One head before and after training with this attention: where it looks, and how well the variant follows</source>
        <translation>用这种注意力训练前后的一个头：它看向哪里，变体有多接近全注意力</translation>
    </message>
    <message>
        <source>One round keeps {kept} of the pairs.</source>
        <translation>一轮保留 {kept} 的词元对。</translation>
    </message>
    <message>
        <source>One stage: as in the paper, work grows with the buckets. Two factors: two small hashes name a bucket together, work grows with their square root. Auto: two factors above 128 buckets.</source>
        <translation>单级：如论文所述，工作量随桶数增长。双因子：两个小哈希共同确定一个桶，工作量随桶数的平方根增长。自动：超过 128 个桶时用双因子。</translation>
    </message>
    <message>
        <source>One token is changed, and attention runs again: outputs before it move, which a causal model must not do.</source>
        <translation>改变一个词元后重新计算注意力：它之前的输出也变了，而因果模型不允许如此。</translation>
    </message>
    <message>
        <source>Orthogonal</source>
        <translation>正交</translation>
    </message>
    <message>
        <source>Output error over k, this head</source>
        <translation>输出误差随 k 的变化，本头</translation>
    </message>
    <message>
        <source>Pareto front</source>
        <translation>帕累托前沿</translation>
    </message>
    <message>
        <source>Performer</source>
        <translation>Performer</translation>
    </message>
    <message>
        <source>Position {place} of a segment and position {place} of the next have the same code: their likeness is 1, and they cannot be told apart. So would it be with tokens {first} and {second}, and with every pair one segment apart, the lines beside the diagonal, were the text {drawn} tokens long; it has {keys}.</source>
        <translation>一段的位置 {place} 与下一段的位置 {place} 编码相同：相似度为 1，无法区分。假如文本有 {drawn} 个词元（实际为 {keys} 个），词元 {first} 与 {second}，以及相隔一段的每一对（对角线旁边的那些线）都会如此。</translation>
    </message>
    <message>
        <source>Position {place} of a segment and position {place} of the next, tokens {first} and {second} of the text, have the same code: their likeness is 1, and they cannot be told apart. So it is with every pair one segment apart: the lines beside the diagonal.</source>
        <translation>一段的位置 {place} 与下一段的位置 {place}，即文本的词元 {first} 与 {second}，编码相同：相似度为 1，无法区分。相隔一段的每一对都是如此：对角线旁边的那些线。</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>位置编码</translation>
    </message>
    <message>
        <source>Positions by segment</source>
        <translation>按段计的位置</translation>
    </message>
    <message>
        <source>Positions of the global tokens, where they are chosen; those past the end of the text do nothing.</source>
        <translation>选择“指定”时全局词元的位置；超出文本末尾的不起作用。</translation>
    </message>
    <message>
        <source>Positions that start anew in every segment cannot be told apart; distances can.</source>
        <translation>每段重新开始的位置无法区分；距离可以。</translation>
    </message>
    <message>
        <source>Positive: exponentials, never below 0. Hyperbolic: also those of the opposite vectors, 2m features. Trigonometric: sines and cosines, 2m features, poor where weights are small.</source>
        <translation>正值：指数，永不小于 0。双曲：再加相反向量的指数，2m 个特征。三角：正弦和余弦，2m 个特征，在权重小处效果差。</translation>
    </message>
    <message>
        <source>Predicted: a call would take more than {seconds} s; scaled by operations from one of {n} tokens.</source>
        <translation>预测：一次调用会超过 {seconds} 秒；由 {n} 个词元的调用按运算量折算。</translation>
    </message>
    <message>
        <source>Projected length k</source>
        <translation>投影长度 k</translation>
    </message>
    <message>
        <source>Projection</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>P̄</source>
        <translation>P̄</translation>
    </message>
    <message>
        <source>Q</source>
        <translation>Q</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>模型质量</translation>
    </message>
    <message>
        <source>Quality against memory, {n} tokens</source>
        <translation>模型质量与内存，{n} 个词元</translation>
    </message>
    <message>
        <source>Quality against time, {n} tokens</source>
        <translation>模型质量与时间，{n} 个词元</translation>
    </message>
    <message>
        <source>Queries and keys are the same vectors here; only their direction counts, so each is a point on a sphere.</source>
        <translation>这里查询与键是相同的向量；只有方向有意义，所以每个都是球面上的一点。</translation>
    </message>
    <message>
        <source>Q·Kᵀ</source>
        <translation>Q·Kᵀ</translation>
    </message>
    <message>
        <source>Random blocks</source>
        <translation>随机块</translation>
    </message>
    <message>
        <source>Random features</source>
        <translation>随机特征</translation>
    </message>
    <message>
        <source>Random features of a query and of a key multiply, on average, to the very number that softmax gives the pair. So softmax attention is estimated without comparing pairs: keys and values are summed up once, feature by feature. More features come closer; the work grows with the length and with their number.</source>
        <translation>查询与键的随机特征相乘，平均而言正好等于 softmax 给这一对的数。因此无需逐对比较就能估计 softmax 注意力：键和值按特征一次性累加。特征越多越接近；工作量随长度和特征数增长。</translation>
    </message>
    <message>
        <source>Random vectors at right angles to each other, in blocks of d; off: drawn independently.</source>
        <translation>随机向量在每 d 个一组内相互垂直；关：独立抽取。</translation>
    </message>
    <message>
        <source>Random vectors m</source>
        <translation>随机向量数 m</translation>
    </message>
    <message>
        <source>Random vectors that these pairs would need</source>
        <translation>这些词元对所需的随机向量数</translation>
    </message>
    <message>
        <source>Reach</source>
        <translation>可达范围</translation>
    </message>
    <message>
        <source>Reformer</source>
        <translation>Reformer</translation>
    </message>
    <message>
        <source>Ring of chunks</source>
        <translation>分块成环</translation>
    </message>
    <message>
        <source>Root mean squared error of the median pair, by the formula of the paper’s lemma 2</source>
        <translation>各词元对均方根误差的中位数，按论文引理 2 的公式</translation>
    </message>
    <message>
        <source>Round after round</source>
        <translation>一轮又一轮</translation>
    </message>
    <message>
        <source>Rows are queries, columns keys. Click a token: its row is what it reads.</source>
        <translation>行是查询，列是键。点击一个词元：它那一行就是它所读取的。</translation>
    </message>
    <message>
        <source>S</source>
        <translation>S</translation>
    </message>
    <message>
        <source>Scheme</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Score scale</source>
        <translation>分数缩放</translation>
    </message>
    <message>
        <source>Seed of the random blocks</source>
        <translation>随机块的种子</translation>
    </message>
    <message>
        <source>Segment</source>
        <translation>段</translation>
    </message>
    <message>
        <source>Share held by the first {k} singular values, every layer and head</source>
        <translation>前 {k} 个奇异值所占份额，每层每头</translation>
    </message>
    <message>
        <source>Shared QK</source>
        <translation>共享 QK</translation>
    </message>
    <message>
        <source>Sharing</source>
        <translation>共享方式</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>并排比较</translation>
    </message>
    <message>
        <source>Singular values of this text’s attention, cumulative</source>
        <translation>这段文本注意力的奇异值，累积</translation>
    </message>
    <message>
        <source>Sink tokens</source>
        <translation>汇点词元</translation>
    </message>
    <message>
        <source>Sinks</source>
        <translation>注意力汇点</translation>
    </message>
    <message>
        <source>Some tokens that belong together fell on two sides of a cut.</source>
        <translation>一些本该在一起的词元落在了切面的两侧。</translation>
    </message>
    <message>
        <source>Sonnet 18</source>
        <translation>《十四行诗》第 18 首</translation>
    </message>
    <message>
        <source>Sorted by bucket</source>
        <translation>按桶排序</translation>
    </message>
    <message>
        <source>Sorting brings a bucket&apos;s tokens together.</source>
        <translation>排序让同一个桶的词元聚到一起。</translation>
    </message>
    <message>
        <source>Sparse</source>
        <translation>Sparse</translation>
    </message>
    <message>
        <source>Sparse Transformer</source>
        <translation>Sparse Transformer</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>加速</translation>
    </message>
    <message>
        <source>State or cache</source>
        <translation>状态或缓存</translation>
    </message>
    <message>
        <source>Stride ℓ</source>
        <translation>步幅 ℓ</translation>
    </message>
    <message>
        <source>Strided scheme: the window holds ℓ tokens, the token itself included, rather than the paper’s ℓ + 1.</source>
        <translation>步幅式：窗口含 ℓ 个词元（包括词元自身），而不是论文中的 ℓ + 1 个。</translation>
    </message>
    <message>
        <source>Strided: the last ℓ tokens, and every ℓ-th before. Fixed: the own block of ℓ tokens, and the last c of each earlier block.</source>
        <translation>步幅式：最近 ℓ 个词元，以及之前每 ℓ 个取一个。固定式：本块的 ℓ 个词元，以及之前每块的最后 c 个。</translation>
    </message>
    <message>
        <source>Summary c</source>
        <translation>汇总数 c</translation>
    </message>
    <message>
        <source>Takes log N_ij from the score of a pair that N_ij rounds found, so that it counts once. Off as in the official code: it then counts N_ij times.</source>
        <translation>从 N_ij 轮都找到的一对的分数中减去 log N_ij，使它只计一次。关闭则与官方代码一致：计 N_ij 次。</translation>
    </message>
    <message>
        <source>The House That Jack Built</source>
        <translation>《杰克盖的房子》</translation>
    </message>
    <message>
        <source>The first blocks, which see all and are seen by all.</source>
        <translation>最前面的块，它们看到一切，也被一切看到。</translation>
    </message>
    <message>
        <source>The first chunk also looks at the last one, as in the official code. Only a bucket that reaches from one to the other notices, and only looking both ways: in the last chunk stand its later tokens.</source>
        <translation>第一块也看最后一块，与官方代码一致。只有跨越这两块的桶会受影响，而且只在双向时：最后一块中是它靠后的词元。</translation>
    </message>
    <message>
        <source>The first tokens of the text, which every later token goes on reading; 0 is a window alone.</source>
        <translation>文本开头的词元，之后每个词元都继续读取它们；0 表示只有窗口。</translation>
    </message>
    <message>
        <source>The keys are the queries made unit length, and a token reads itself only where it has nothing else to read: what Reformer’s rounds approach. Weights trained with keys of their own did not learn it.</source>
        <translation>键是归一化为单位长度的查询，词元只在没有别的可读时才读取自身：Reformer 的多轮哈希逼近的正是它。用独立的键训练的权重没有学过它。</translation>
    </message>
    <message>
        <source>The last tokens, the reading token itself included.</source>
        <translation>最近的词元，包括正在读取的词元自身。</translation>
    </message>
    <message>
        <source>The likeness of the distance between query and key to distance 0. A distance goes on growing across the border of a segment, so that a cached key is never taken for one of this segment.</source>
        <translation>“查询与键的距离”与“距离 0”的相似度。距离跨过段的边界继续增长，因此缓存的键不会被当成本段的键。</translation>
    </message>
    <message>
        <source>The line: nobody is both cheaper and better.</source>
        <translation>连线：没有谁既更省又更好。</translation>
    </message>
    <message>
        <source>The n × k weights really computed: {queries} × {rows}</source>
        <translation>实际计算的 n × k 个权重：{queries} × {rows}</translation>
    </message>
    <message>
        <source>The output against exact softmax attention on the same queries, keys and values</source>
        <translation>在相同的查询、键和值上，输出与精确 softmax 注意力之比较</translation>
    </message>
    <message>
        <source>The same text and length, full attention on the right.</source>
        <translation>同样的文本和长度，右边是全注意力。</translation>
    </message>
    <message>
        <source>The second tour tells how.</source>
        <translation>第二个导览讲述其做法。</translation>
    </message>
    <message>
        <source>The sorted tokens are cut into chunks of this many; a chunk attends to itself and the one before.</source>
        <translation>排序后的词元切成这么多词元的分块；每块注意自身和前一块。</translation>
    </message>
    <message>
        <source>The text in blocks: each reads its neighbours, the first blocks, which see and are seen by all, and a few blocks drawn at random, through which any two tokens are only few steps apart.</source>
        <translation>文本分成块：每块读取相邻的块、最前面的块（它们看到一切，也被一切看到），以及随机抽取的几块；借助后者，任意两个词元只隔几步。</translation>
    </message>
    <message>
        <source>The text is read segment by segment. Each segment also reads the cached states of what came before, so that information travels one segment further with every layer, and nothing is computed twice.</source>
        <translation>文本逐段读取。每段还读取之前内容的缓存状态，因此每经一层，信息就多传递一段，而且没有任何内容被计算两次。</translation>
    </message>
    <message>
        <source>The triangle looks the same; each pixel holds ever more pairs.</source>
        <translation>三角形看起来没变，每个像素容纳的词元对却越来越多。</translation>
    </message>
    <message>
        <source>The weight of a pair is a product of positive features of the query and of the key, so keys and values can be summed up once, in a matrix that does not grow, and every query reads that. It does not approximate softmax; it replaces it. Writing one more token costs the same after any number of tokens.</source>
        <translation>一对词元的权重是查询与键的正特征的乘积，因此键和值可以一次性累加到一个不会增长的矩阵中，由每个查询读取。它不近似 softmax，而是取代它。无论之前有多少词元，再写一个词元的代价都相同。</translation>
    </message>
    <message>
        <source>The weights have no u, v and W_kR: segments and memory run with the rotary positions they were trained with.</source>
        <translation>权重中没有 u、v 和 W_kR：段和记忆使用训练时的旋转位置编码运行。</translation>
    </message>
    <message>
        <source>The weights know no E and F: without training, a large error is the truth.</source>
        <translation>权重中没有 E 和 F：未经训练，误差大是真实情况。</translation>
    </message>
    <message>
        <source>The weights know no global projections: global tokens use the local ones.</source>
        <translation>权重中没有全局投影：全局词元使用局部投影。</translation>
    </message>
    <message>
        <source>The weights of one head: few of the {pairs} pairs matter.</source>
        <translation>一个头的权重：{pairs} 个词元对中只有少数重要。</translation>
    </message>
    <message>
        <source>The window takes every d-th token, and reaches d times as far; 1 is none. One number per head.</source>
        <translation>窗口每 d 个词元取一个，范围扩大到 d 倍；1 表示没有空洞。每头一个数。</translation>
    </message>
    <message>
        <source>These weights were trained with exact softmax attention, which Performer only estimates: where queries and keys are long, the error is large.</source>
        <translation>这些权重是用精确 softmax 注意力训练的，Performer 只是估计它：查询和键的范数大时，误差就大。</translation>
    </message>
    <message>
        <source>These weights were trained with separate queries and keys; Reformer uses the queries as its keys too, so what it attends to differs from what the weights learned.</source>
        <translation>这些权重是用分开的查询和键训练的；Reformer 把查询也用作键，因此它所注意的与权重所学的不同。</translation>
    </message>
    <message>
        <source>These weights were trained with softmax, which this variant replaces; what it attends to differs from what the weights learned.</source>
        <translation>这些权重是用 softmax 训练的，而该变体取代了 softmax；它所注意的与权重所学的不同。</translation>
    </message>
    <message>
        <source>This head, with k = {k}</source>
        <translation>本头，k = {k}</translation>
    </message>
    <message>
        <source>This is what makes it fast: every chunk is the same small square.</source>
        <translation>这正是它快的原因：每个分块都是同样的小方块。</translation>
    </message>
    <message>
        <source>This is why leaving pairs out can work at all.</source>
        <translation>正因如此，略去一些词元对才行得通。</translation>
    </message>
    <message>
        <source>Through {layers} layers, {count:,} of the {most:,} tokens that the mask allows can reach token {target:,}; the farthest is {farthest:,} tokens away. All heads count, and a token always keeps its own state.</source>
        <translation>经 {layers} 层，掩码允许的 {most:,} 个词元中有 {count:,} 个能到达词元 {target:,}；最远的相距 {farthest:,} 个词元。计入所有头，词元始终保留自身的状态。</translation>
    </message>
    <message>
        <source>Through {layers} layers, {count:,} of the {most:,} tokens that the mask allows can reach token {target:,}; the farthest is {farthest:,} tokens away. All heads count, each layer with the pairs that it found itself.</source>
        <translation>经 {layers} 层，掩码允许的 {most:,} 个词元中有 {count:,} 个能到达词元 {target:,}；最远的相距 {farthest:,} 个词元。计入所有头，每层用它自己找到的词元对。</translation>
    </message>
    <message>
        <source>Through {layers} layers, {count:,} of the {most:,} tokens that the mask allows can reach token {target:,}; the farthest is {farthest:,} tokens away. The pairs of layer {layer} stand for those of every layer.</source>
        <translation>经 {layers} 层，掩码允许的 {most:,} 个词元中有 {count:,} 个能到达词元 {target:,}；最远的相距 {farthest:,} 个词元。以第 {layer} 层的词元对代表每一层。</translation>
    </message>
    <message>
        <source>Time for each new token, with cached states and by reading the whole context again; measured now.</source>
        <translation>每个新词元所需的时间：用缓存状态，或重新读取整个上下文；现场实测。</translation>
    </message>
    <message>
        <source>Time of one more token</source>
        <translation>再多一个词元的时间</translation>
    </message>
    <message>
        <source>To be, or not to be</source>
        <translation>“生存还是毁灭”</translation>
    </message>
    <message>
        <source>Tokens L that are computed together.</source>
        <translation>一起计算的词元数 L。</translation>
    </message>
    <message>
        <source>Tokens M before a segment whose states are kept for it; more than a segment reaches further at once, 0 cuts the text into pieces that know nothing of each other.</source>
        <translation>为一段保留其状态的前 M 个词元；多于一段则一次到达更远，0 把文本切成互不相知的片段。</translation>
    </message>
    <message>
        <source>Tokens in a block.</source>
        <translation>一块中的词元数。</translation>
    </message>
    <message>
        <source>Tokens in the window, half of them on each side; a causal window is the earlier half and the token itself. One number per layer, from the lowest.</source>
        <translation>窗口中的词元数，每侧一半；因果窗口是较早的一半加词元自身。每层一个数，从最低层起。</translation>
    </message>
    <message>
        <source>Tokens that can reach it</source>
        <translation>能到达它的词元</translation>
    </message>
    <message>
        <source>Tokens that point the same way fall into the same bucket of a hash; sorted by bucket they become neighbours, and each attends only inside its bucket, within its chunk and the one before. Several rounds of hashing catch the pairs that one round misses.</source>
        <translation>局部敏感哈希把方向相同的词元放入同一个桶；按桶排序后它们成为近邻，每个词元只在自己的桶内、在本块和前一块中计算注意力。多轮哈希可以找回一轮漏掉的词元对。</translation>
    </message>
    <message>
        <source>Tokens that point the same way get the same bucket, probably. Colours are buckets.</source>
        <translation>方向相同的词元很可能落入同一个桶。颜色表示桶。</translation>
    </message>
    <message>
        <source>Tokens that see all and are seen by all.</source>
        <translation>看到一切、也被一切看到的词元。</translation>
    </message>
    <message>
        <source>Too large or too small by that factor; 1 is exact. The same pairs and drawings</source>
        <translation>偏大或偏小的倍数；1 为精确。词元对和抽样相同</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Transformer-XL</source>
        <translation>Transformer-XL</translation>
    </message>
    <message>
        <source>Twice the text, four times the pairs</source>
        <translation>文本加倍，词元对变为四倍</translation>
    </message>
    <message>
        <source>Up to {crossing} tokens the cache is the smaller one</source>
        <translation>不超过 {crossing} 个词元时缓存更小</translation>
    </message>
    <message>
        <source>V</source>
        <translation>V</translation>
    </message>
    <message>
        <source>What is kept for the next token, and how long that token takes, with a running state and with a cache</source>
        <translation>用运行状态和用缓存时，为下一个词元保留什么，以及该词元需要多久</translation>
    </message>
    <message>
        <source>What is really multiplied</source>
        <translation>实际相乘的矩阵</translation>
    </message>
    <message>
        <source>What mixes the keys. From the weights: E and F that were trained, where the weights have them, else random ones. Random: numbers from N(0, 1/k). Mean pooling: the means of neighbours.</source>
        <translation>用什么混合键。来自权重：权重中训练过的 E 和 F，没有则随机。随机：取自 N(0, 1/k) 的数。平均池化：相邻项的平均。</translation>
    </message>
    <message>
        <source>What one round finds</source>
        <translation>一轮能找到什么</translation>
    </message>
    <message>
        <source>What the products of queries and unit keys are multiplied by; 1 as in the official code.</source>
        <translation>查询与单位键的乘积再乘以多少；1 与官方代码一致。</translation>
    </message>
    <message>
        <source>Which drawing of the random vectors to use; every number is another one, and nothing else changes.</source>
        <translation>使用随机向量的哪一次抽样；每个数对应另一次抽样，其他都不变。</translation>
    </message>
    <message>
        <source>Which tokens can reach the locked token through the layers of the model</source>
        <translation>哪些词元能经模型各层到达锁定的词元</translation>
    </message>
    <message>
        <source>Who can reach token {target:,}</source>
        <translation>谁能到达词元 {target:,}</translation>
    </message>
    <message>
        <source>Why not causal</source>
        <translation>为何无法因果</translation>
    </message>
    <message>
        <source>Why relative</source>
        <translation>为何用相对位置</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Within a bucket they keep their order, so that earlier stays earlier.</source>
        <translation>桶内保持原有顺序，所以先者仍在先。</translation>
    </message>
    <message>
        <source>a model of {n} layers</source>
        <translation>{n} 层的模型</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>all {n}</source>
        <translation>全部 {n} 个</translation>
    </message>
    <message>
        <source>are not enough</source>
        <translation>层仍不够</translation>
    </message>
    <message>
        <source>as published</source>
        <translation>论文给出</translation>
    </message>
    <message>
        <source>attend</source>
        <translation>计算注意力</translation>
    </message>
    <message>
        <source>attend of {label}, layer {layer}, all heads, batch 1</source>
        <translation>注意力计算（{label}），第 {layer} 层，所有头，批大小 1</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>before: information from the future</source>
        <translation>之前：来自未来的信息</translation>
    </message>
    <message>
        <source>bidirectional</source>
        <translation>双向</translation>
    </message>
    <message>
        <source>bits per byte of hidden pieces, held out</source>
        <translation>被遮词元的每字节比特数，留出文本</translation>
    </message>
    <message>
        <source>bits per byte, held out</source>
        <translation>每字节比特数，留出文本</translation>
    </message>
    <message>
        <source>block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>blocks</source>
        <translation>块</translation>
    </message>
    <message>
        <source>bucket</source>
        <translation>桶</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>bytes</translation>
    </message>
    <message>
        <source>bytes, all heads</source>
        <translation>字节，所有头</translation>
    </message>
    <message>
        <source>causal</source>
        <translation>因果</translation>
    </message>
    <message>
        <source>change before the token</source>
        <translation>该词元之前的变化</translation>
    </message>
    <message>
        <source>change of the output</source>
        <translation>输出的变化</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>改变处</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>指定</translation>
    </message>
    <message>
        <source>chunk</source>
        <translation>分块</translation>
    </message>
    <message>
        <source>combine</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>combine rounds</source>
        <translation>合并各轮</translation>
    </message>
    <message>
        <source>compared with</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>compressed keys</source>
        <translation>压缩的键</translation>
    </message>
    <message>
        <source>compressed values</source>
        <translation>压缩的值</translation>
    </message>
    <message>
        <source>context, tokens</source>
        <translation>上下文，词元</translation>
    </message>
    <message>
        <source>date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>distance, tokens</source>
        <translation>距离，词元</translation>
    </message>
    <message>
        <source>dtype</source>
        <translation>数值格式</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>entropy, of its maximum</source>
        <translation>熵占最大值的比例</translation>
    </message>
    <message>
        <source>estimate</source>
        <translation>估计</translation>
    </message>
    <message>
        <source>every k-th</source>
        <translation>每 k 个</translation>
    </message>
    <message>
        <source>every mixture of keys holds tokens of the whole text, later ones too, so each output looks ahead.</source>
        <translation>每个键的混合都含有整个文本的词元，包括后面的，因此每个输出都会看到未来。</translation>
    </message>
    <message>
        <source>exact attention on the same q, k, v</source>
        <translation>在相同 q、k、v 上的精确注意力</translation>
    </message>
    <message>
        <source>exp(q·k/√d), exact</source>
        <translation>exp(q·k/√d)，精确</translation>
    </message>
    <message>
        <source>factor, median pair</source>
        <translation>倍数，词元对的中位数</translation>
    </message>
    <message>
        <source>farthest token</source>
        <translation>最远的词元</translation>
    </message>
    <message>
        <source>feature map</source>
        <translation>特征映射</translation>
    </message>
    <message>
        <source>first</source>
        <translation>首个</translation>
    </message>
    <message>
        <source>first set</source>
        <translation>第一集合</translation>
    </message>
    <message>
        <source>fixed</source>
        <translation>固定式</translation>
    </message>
    <message>
        <source>from a cache, exact softmax</source>
        <translation>用缓存，精确 softmax</translation>
    </message>
    <message>
        <source>from the mean curve of the exact softmax, scores as the variant computes them</source>
        <translation>取自精确 softmax 的平均曲线，分数按该变体计算</translation>
    </message>
    <message>
        <source>from the published squared error of independent vectors; median over the pairs</source>
        <translation>由论文给出的独立向量平方误差得出；取各对的中位数</translation>
    </message>
    <message>
        <source>from the running state</source>
        <translation>用运行状态</translation>
    </message>
    <message>
        <source>from the token on</source>
        <translation>从该词元起</translation>
    </message>
    <message>
        <source>from the weights</source>
        <translation>来自权重</translation>
    </message>
    <message>
        <source>full causal</source>
        <translation>全注意力，因果</translation>
    </message>
    <message>
        <source>fused</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>global</source>
        <translation>全局</translation>
    </message>
    <message>
        <source>hash</source>
        <translation>哈希</translation>
    </message>
    <message>
        <source>head</source>
        <translation>头</translation>
    </message>
    <message>
        <source>head {n}</source>
        <translation>第 {n} 头</translation>
    </message>
    <message>
        <source>head {n}, q·kᵀ/√d</source>
        <translation>第 {n} 头，q·kᵀ/√d</translation>
    </message>
    <message>
        <source>heads × dim</source>
        <translation>头 × 维数</translation>
    </message>
    <message>
        <source>headwise</source>
        <translation>按头</translation>
    </message>
    <message>
        <source>how</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>hyperbolic</source>
        <translation>双曲</translation>
    </message>
    <message>
        <source>interleaved</source>
        <translation>交错</translation>
    </message>
    <message>
        <source>it reads a text that is still growing; the first and the latest tokens are all that it has kept.</source>
        <translation>它读取仍在增长的文本；它只保留了最开头和最近的词元。</translation>
    </message>
    <message>
        <source>its blocks are those of a whole text. Give as many queries as keys, from the first token on.</source>
        <translation>它的块是整个文本的块。请从第一个词元起给出与键同样多的查询。</translation>
    </message>
    <message>
        <source>its queries are its keys, so every token is both; give it the whole sequence.</source>
        <translation>它的查询就是它的键，每个词元两者兼是；请给出完整序列。</translation>
    </message>
    <message>
        <source>its two sets are defined among earlier tokens; the paper generates, one token after the other.</source>
        <translation>它的两个集合定义在更早的词元中；论文是逐个词元生成的。</translation>
    </message>
    <message>
        <source>k</source>
        <translation>k</translation>
    </message>
    <message>
        <source>key</source>
        <translation>键</translation>
    </message>
    <message>
        <source>key-value</source>
        <translation>键值</translation>
    </message>
    <message>
        <source>keys</source>
        <translation>个键</translation>
    </message>
    <message>
        <source>keys and values</source>
        <translation>键和值</translation>
    </message>
    <message>
        <source>keys for {share} % of the mass</source>
        <translation>概率达 {share} % 所需</translation>
    </message>
    <message>
        <source>keys, the strongest first</source>
        <translation>键数，从最强起</translation>
    </message>
    <message>
        <source>label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>largest singular values</source>
        <translation>最大的奇异值个数</translation>
    </message>
    <message>
        <source>largest |o − o′| over all heads: o token by token from the state, o′ in chunks, in parallel</source>
        <translation>所有头上最大的 |o − o′|：o 由状态逐个词元得出，o′ 分块并行得出</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>layers below</source>
        <translation>下面各层</translation>
    </message>
    <message>
        <source>layers until every token can reach it</source>
        <translation>所有词元都能到达所需层数</translation>
    </message>
    <message>
        <source>layerwise</source>
        <translation>按层</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>加载中</translation>
    </message>
    <message>
        <source>local</source>
        <translation>局部</translation>
    </message>
    <message>
        <source>longest in training</source>
        <translation>训练时最长</translation>
    </message>
    <message>
        <source>m</source>
        <translation>m</translation>
    </message>
    <message>
        <source>m = {m}, head {head}</source>
        <translation>m = {m}，第 {head} 头</translation>
    </message>
    <message>
        <source>m for 10 % error, {kind}</source>
        <translation>误差 10 % 所需 m，{kind}</translation>
    </message>
    <message>
        <source>mask</source>
        <translation>掩码</translation>
    </message>
    <message>
        <source>mass within {n} tokens</source>
        <translation>{n} 个词元以内的概率</translation>
    </message>
    <message>
        <source>mean pooling</source>
        <translation>平均池化</translation>
    </message>
    <message>
        <source>means of bins</source>
        <translation>分组均值</translation>
    </message>
    <message>
        <source>measured here</source>
        <translation>在本机实测</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>merged</source>
        <translation>合并</translation>
    </message>
    <message>
        <source>mixture</source>
        <translation>混合</translation>
    </message>
    <message>
        <source>ms for a new token</source>
        <translation>每个新词元，ms</translation>
    </message>
    <message>
        <source>n</source>
        <translation>n</translation>
    </message>
    <message>
        <source>nats</source>
        <translation>奈特</translation>
    </message>
    <message>
        <source>nats a token</source>
        <translation>每词元奈特数</translation>
    </message>
    <message>
        <source>needed for 90 %</source>
        <translation>达到 90 % 所需</translation>
    </message>
    <message>
        <source>no CUDA device was found</source>
        <translation>没有找到 CUDA 设备</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>none: random q, k and v</source>
        <translation>无：随机的 q、k 和 v</translation>
    </message>
    <message>
        <source>normalised</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>normaliser</source>
        <translation>归一化</translation>
    </message>
    <message>
        <source>note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>of the exact softmax’s weights, those of the pairs that the run keeps; mean over queries</source>
        <translation>精确 softmax 的权重中，本次运行保留的词元对所占的部分；取各查询的平均</translation>
    </message>
    <message>
        <source>of the tokens that the mask allows</source>
        <translation>占掩码允许的词元</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>on or off</source>
        <translation>开或关</translation>
    </message>
    <message>
        <source>one more token after {n}, cache over state</source>
        <translation>{n} 个词元之后再多一个，缓存与状态之比</translation>
    </message>
    <message>
        <source>one of {choices}</source>
        <translation> {choices} 之一</translation>
    </message>
    <message>
        <source>one pattern per head</source>
        <translation>每头一种模式</translation>
    </message>
    <message>
        <source>one stage</source>
        <translation>单级</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>output error</source>
        <translation>输出误差</translation>
    </message>
    <message>
        <source>output error, own scores</source>
        <translation>输出误差，自身分数</translation>
    </message>
    <message>
        <source>pairs computed</source>
        <translation>计算的词元对</translation>
    </message>
    <message>
        <source>pairs of this text</source>
        <translation>这段文本的词元对</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>part of a text</source>
        <translation>文本的一部分</translation>
    </message>
    <message>
        <source>peak memory of a call, MB</source>
        <translation>一次调用的峰值内存，MB</translation>
    </message>
    <message>
        <source>position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>position in the text</source>
        <translation>文本中的位置</translation>
    </message>
    <message>
        <source>positions of tokens, separated by commas</source>
        <translation>以逗号分隔的词元位置</translation>
    </message>
    <message>
        <source>positive</source>
        <translation>正值</translation>
    </message>
    <message>
        <source>predicted from {n} tokens by the ratio of operations</source>
        <translation>由 {n} 个词元的实测按运算量之比预测</translation>
    </message>
    <message>
        <source>project</source>
        <translation>投影</translation>
    </message>
    <message>
        <source>queries</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>query</source>
        <translation>查询</translation>
    </message>
    <message>
        <source>random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>random (Johnson–Lindenstrauss)</source>
        <translation>随机 (Johnson–Lindenstrauss)</translation>
    </message>
    <message>
        <source>random features</source>
        <translation>随机特征</translation>
    </message>
    <message>
        <source>random vectors m</source>
        <translation>随机向量数 m</translation>
    </message>
    <message>
        <source>recurrence against parallel, largest difference</source>
        <translation>递推与并行的最大差</translation>
    </message>
    <message>
        <source>relative output error</source>
        <translation>相对输出误差</translation>
    </message>
    <message>
        <source>relative, untrained</source>
        <translation>相对，未训练</translation>
    </message>
    <message>
        <source>repeats</source>
        <translation>重复次数</translation>
    </message>
    <message>
        <source>running state</source>
        <translation>运行状态</translation>
    </message>
    <message>
        <source>same size</source>
        <translation>大小相同</translation>
    </message>
    <message>
        <source>scores</source>
        <translation>分数</translation>
    </message>
    <message>
        <source>second set</source>
        <translation>第二集合</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>segment</source>
        <translation>段</translation>
    </message>
    <message>
        <source>segments</source>
        <translation>分段</translation>
    </message>
    <message>
        <source>self</source>
        <translation>自身</translation>
    </message>
    <message>
        <source>sets of positions, grown layer by layer through the exact pairs of every head</source>
        <translation>位置的集合，经每个头的精确词元对逐层增长</translation>
    </message>
    <message>
        <source>share QK</source>
        <translation>共享 QK</translation>
    </message>
    <message>
        <source>share found</source>
        <translation>找回的比例</translation>
    </message>
    <message>
        <source>share of the softmax mass</source>
        <translation>占 softmax 概率的份额</translation>
    </message>
    <message>
        <source>share of their sum</source>
        <translation>占总和的份额</translation>
    </message>
    <message>
        <source>singular values up to k</source>
        <translation>前 k 个奇异值</translation>
    </message>
    <message>
        <source>sinks</source>
        <translation>汇点词元</translation>
    </message>
    <message>
        <source>slower than float32 on this processor</source>
        <translation>在此处理器上比 float32 慢</translation>
    </message>
    <message>
        <source>softmax</source>
        <translation>softmax</translation>
    </message>
    <message>
        <source>softmax mass found</source>
        <translation>覆盖的 softmax 概率</translation>
    </message>
    <message>
        <source>sort</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>states of the last segment cached</source>
        <translation>缓存上一段的状态</translation>
    </message>
    <message>
        <source>stride</source>
        <translation>步幅</translation>
    </message>
    <message>
        <source>strided</source>
        <translation>步幅式</translation>
    </message>
    <message>
        <source>summary</source>
        <translation>汇总</translation>
    </message>
    <message>
        <source>textbook</source>
        <translation>朴素</translation>
    </message>
    <message>
        <source>the error grows as its exponential</source>
        <translation>误差按它的指数增长</translation>
    </message>
    <message>
        <source>the model’s layers</source>
        <translation>模型的各层</translation>
    </message>
    <message>
        <source>the same with the variant’s own scores in the softmax over all pairs: what leaving pairs out costs</source>
        <translation>同上，但在所有词元对的 softmax 中用该变体自己的分数：略去词元对的代价</translation>
    </message>
    <message>
        <source>the variant scores pairs by another formula than q·kᵀ/√d</source>
        <translation>该变体用不同于 q·kᵀ/√d 的公式计算分数</translation>
    </message>
    <message>
        <source>the vocabulary</source>
        <translation>词表</translation>
    </message>
    <message>
        <source>this length</source>
        <translation>此长度</translation>
    </message>
    <message>
        <source>this run</source>
        <translation>本次运行</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>线程</translation>
    </message>
    <message>
        <source>times as fast</source>
        <translation>加速倍数</translation>
    </message>
    <message>
        <source>token</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>tokens away</source>
        <translation>个词元之外</translation>
    </message>
    <message>
        <source>tokens before it</source>
        <translation>之前的词元</translation>
    </message>
    <message>
        <source>tokens so far</source>
        <translation>至今的词元数</translation>
    </message>
    <message>
        <source>tokens that can reach it</source>
        <translation>能到达它的词元数</translation>
    </message>
    <message>
        <source>torch</source>
        <translation>torch</translation>
    </message>
    <message>
        <source>trigonometric</source>
        <translation>三角</translation>
    </message>
    <message>
        <source>two factors</source>
        <translation>双因子</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>what</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>while animating</source>
        <translation>播放动画时测得</translation>
    </message>
    <message>
        <source>whole context read again</source>
        <translation>重新读取整个上下文</translation>
    </message>
    <message>
        <source>whole numbers, one per {each}</source>
        <translation>整数（每{each}一个）</translation>
    </message>
    <message>
        <source>window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>{below} of {pairs} estimates are below 0 and not drawn</source>
        <translation>{pairs} 个估计中有 {below} 个小于 0，未画出</translation>
    </message>
    <message>
        <source>{drawings} drawings. Weights trained with exact softmax rely on sharp differences between keys, which few random vectors cannot tell: a large error is the truth here</source>
        <translation>{drawings} 次抽样。用精确 softmax 训练的权重依赖键之间的明显差异，少量随机向量无法分辨：这里误差大是真实情况</translation>
    </message>
    <message>
        <source>{first} {second}</source>
        <translation>{first}{second}</translation>
    </message>
    <message>
        <source>{first}, {second}</source>
        <translation>{first}、{second}</translation>
    </message>
    <message>
        <source>{head} of layer {layer}</source>
        <translation>第 {layer} 层第 {head} 头</translation>
    </message>
    <message>
        <source>{keys:,} of {length:,} keys hold {percent:.1f} % of the softmax mass of an average query of head {head}. Exact softmax over all keys the mask allows, for {rows:,} of {queries:,} queries; band: 10 to 90 % of them.</source>
        <translation>第 {head} 头的查询平均而言，{length:,} 个键中的 {keys:,} 个占 {percent:.1f} % 的 softmax 概率。对掩码允许的所有键作精确 softmax，取 {queries:,} 个查询中的 {rows:,} 个；色带：其中的 10 至 90 %。</translation>
    </message>
    <message>
        <source>{kind}, independent</source>
        <translation>{kind}，独立</translation>
    </message>
    <message>
        <source>{kind}, orthogonal</source>
        <translation>{kind}，正交</translation>
    </message>
    <message>
        <source>{label} (predicted)</source>
        <translation>{label}（预测）</translation>
    </message>
    <message>
        <source>{label} ({told})</source>
        <translation>{label}（{told}）</translation>
    </message>
    <message>
        <source>{label} with shared QK</source>
        <translation>共享 QK 的{label}</translation>
    </message>
    <message>
        <source>{name2} lets the text choose: tokens that point the same way meet in a bucket, {kept2} of the pairs.</source>
        <translation>{name2}：由文本来选择，方向相同的词元在桶中相遇，共 {kept2} 的词元对。</translation>
    </message>
    <message>
        <source>{name2} mixes all keys down to a few; every token reads the mixtures.</source>
        <translation>{name2}：把所有键混合成少数几个，每个词元读取这些混合。</translation>
    </message>
    <message>
        <source>{name2} reads its neighbours and a few tokens that all read: {kept2} of the pairs.</source>
        <translation>{name2}：读取相邻词元，以及少数几个所有词元都读的词元，共 {kept2} 的词元对。</translation>
    </message>
    <message>
        <source>{name2} reads its row and its column, as if the text were folded: {kept2} of the pairs.</source>
        <translation>{name2}：仿佛文本被折叠，读取所在的行和列，共 {kept2} 的词元对。</translation>
    </message>
    <message>
        <source>{name2} reads {pairs2} pairs, {name} {pairs}.</source>
        <translation>读取的词元对：{name2} {pairs2} 个，{name} {pairs} 个。</translation>
    </message>
    <message>
        <source>{name2} sums keys and values up once, in a state that does not grow.</source>
        <translation>{name2}：把键和值一次性累加到一个不会增长的状态中。</translation>
    </message>
    <message>
        <source>{noun} from {low} to {high}</source>
        <translation> {low} 到 {high} 之间的{noun}</translation>
    </message>
    <message>
        <source>{noun} from {low} to {high}, or {zero}</source>
        <translation> {low} 到 {high} 之间的{noun}，或“{zero}”</translation>
    </message>
    <message>
        <source>{noun} of at least {low}</source>
        <translation>不小于 {low} 的{noun}</translation>
    </message>
    <message>
        <source>{n} million</source>
        <translation>{n} M</translation>
    </message>
    <message>
        <source>{pairs} pairs, {drawings} drawings of the random vectors; lines are medians over the drawings, bands hold 80 % of them</source>
        <translation>{pairs} 个词元对，随机向量抽样 {drawings} 次；线为各次抽样的中位数，色带含其中 80 %</translation>
    </message>
    <message>
        <source>{part} of the {whole} pairs that the mask allows</source>
        <translation>掩码允许的 {whole} 个词元对中的 {part} 个</translation>
    </message>
    <message>
        <source>{part} of {whole}</source>
        <translation>{part} / {whole}</translation>
    </message>
    <message>
        <source>{part} of {whole}, evenly spread</source>
        <translation>{part} / {whole}，均匀选取</translation>
    </message>
    <message>
        <source>{queries} queries against {keys} keys</source>
        <translation>{queries} 个查询对 {keys} 个键</translation>
    </message>
    <message>
        <source>{rounds} rounds cut in other places and keep {kept} of the pairs.</source>
        <translation>{rounds} 轮在不同位置切分，保留 {kept} 的词元对。</translation>
    </message>
    <message>
        <source>{rounds} rounds: {kept} of the pairs.</source>
        <translation>{rounds} 轮：{kept} 的词元对。</translation>
    </message>
    <message>
        <source>{smaller}; exact counts, one layer</source>
        <translation>{smaller}；精确计数，一层</translation>
    </message>
    <message>
        <source>{tokens} tokens, {rounds} rounds: {kept} of the pairs, in {time}.</source>
        <translation>{tokens} 个词元，{rounds} 轮：{kept} 的词元对，用时 {time}。</translation>
    </message>
    <message>
        <source>{tokens} tokens. Each should read those that are like it, wherever they stand.</source>
        <translation>{tokens} 个词元。每个都应读取与自己相似的词元，无论它们在哪里。</translation>
    </message>
    <message>
        <source>{tokens} tokens: each reads all before it, {pairs} pairs.</source>
        <translation>{tokens} 个词元：每个都读取之前的全部，共 {pairs} 个词元对。</translation>
    </message>
    <message>
        <source>{tokens} tokens: {pairs} pairs, computed in {time}.</source>
        <translation>{tokens} 个词元：{pairs} 个词元对，计算用时 {time}。</translation>
    </message>
    <message>
        <source>{tokens} tokens: {pairs} pairs.</source>
        <translation>{tokens} 个词元：{pairs} 个词元对。</translation>
    </message>
    <message>
        <source>{trials} needles of {pieces} rare pieces at each distance, in this run’s text, said again where it is too short; found where its last piece is the likeliest of all {all}. By chance 1 in {all}. Each variant with the weights and sizes of its training.</source>
        <translation>每个距离在本次运行的文本中放 {trials} 根针，文本太短时重复使用，每根由 {pieces} 个罕见词元组成；最后一个词元在全部 {all} 个中概率最大即为找到。碰巧的概率为 1/{all}。每个变体用其训练时的权重和大小。</translation>
    </message>
    <message>
        <source>{trials} needles of {pieces} rare pieces at each distance, in this run’s text; found where its last piece is the likeliest of all {all}. By chance 1 in {all}. Each variant with the weights and sizes of its training.</source>
        <translation>每个距离在本次运行的文本中放 {trials} 根针，每根由 {pieces} 个罕见词元组成；最后一个词元在全部 {all} 个中概率最大即为找到。随机猜中的概率为 1/{all}。每个变体用其训练时的权重和尺寸。</translation>
    </message>
    <message>
        <source>{variant}: token {token} is changed</source>
        <translation>{variant}：改变词元 {token}</translation>
    </message>
    <message>
        <source>|estimate / exact − 1|, median pair</source>
        <translation>|估计 / 精确 − 1|，词元对的中位数</translation>
    </message>
    <message>
        <source>|o − o*| / |o*|</source>
        <translation>|o − o*| / |o*|</translation>
    </message>
    <message>
        <source>|q + k|²/√d, median</source>
        <translation>|q + k|²/√d，中位数</translation>
    </message>
    <message>
        <source>µs a token, attention of one layer</source>
        <translation>每词元 µs，一层的注意力</translation>
    </message>
    <message>
        <source>µs, all heads</source>
        <translation>µs，所有头</translation>
    </message>
    <message>
        <source>×</source>
        <translation>×</translation>
    </message>
    <message>
        <source>φ(K)</source>
        <translation>φ(K)</translation>
    </message>
    <message>
        <source>φ(K)ᵀ</source>
        <translation>φ(K)ᵀ</translation>
    </message>
    <message>
        <source>φ(Q)</source>
        <translation>φ(Q)</translation>
    </message>
    <message>
        <source>φ(Q)·φ(K)ᵀ</source>
        <translation>φ(Q)·φ(K)ᵀ</translation>
    </message>
    <message>
        <source>‖o − o*‖ / ‖o*‖ with o* = softmax(q·kᵀ/√d)·v over all pairs the mask allows, on the run’s own q, k, v</source>
        <translation>‖o − o*‖ / ‖o*‖，其中 o* = softmax(q·kᵀ/√d)·v，取掩码允许的所有对，用本次运行自己的 q、k、v</translation>
    </message>
    <message>
        <source>√d</source>
        <translation>√d</translation>
    </message>
    <message>
        <source>中文</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>水调歌头·明月几时有</source>
        <translation>《水调歌头·明月几时有》</translation>
    </message>
    <message>
        <source>苏轼词、辛弃疾词</source>
        <translation>苏轼词、辛弃疾词</translation>
    </message>
    <message>
        <source>论语</source>
        <translation>《论语》</translation>
    </message>
    <message>
        <source>论语·学而</source>
        <translation>《论语·学而》</translation>
    </message>
    <message>
        <source>静夜思</source>
        <translation>《静夜思》</translation>
    </message>
</context>
<context>
    <name>films</name>
    <message>
        <source>frame {done} of {frames}</source>
        <translation>第 {done} 帧，共 {frames} 帧</translation>
    </message>
    <message>
        <source>layer {layer}, head {head} · {tokens}</source>
        <translation>第 {layer} 层，第 {head} 头 · {tokens}</translation>
    </message>
    <message>
        <source>length {n} of {count}: {tokens} tokens</source>
        <translation>长度 {n}/{count}：{tokens} 个词元</translation>
    </message>
    <message>
        <source>recorded on {where}</source>
        <translation>录制于 {where}</translation>
    </message>
    <message>
        <source>step {number} of {count}: {name}</source>
        <translation>第 {number} 步，共 {count} 步：{name}</translation>
    </message>
    <message>
        <source>{asked} frames a second were made {shown}: players show no more of a {format}.</source>
        <translation>每秒 {asked} 帧改为 {shown} 帧：播放器对 {format} 最多显示这么多。</translation>
    </message>
    <message>
        <source>{count} lengths were run; each is shown until the next.</source>
        <translation>运行了 {count} 个长度；每个显示到下一个为止。</translation>
    </message>
    <message>
        <source>{count} lengths will be run; this is the present one</source>
        <translation>将运行 {count} 个长度；这是当前长度</translation>
    </message>
    <message>
        <source>{tokens} tokens</source>
        <translation>{tokens} 个词元</translation>
    </message>
    <message>
        <source>{variant} · layer {layer}, head {head} · {tokens}</source>
        <translation>{variant} · 第 {layer} 层，第 {head} 头 · {tokens}</translation>
    </message>
    <message>
        <source>{variant} · {tokens} tokens · layer {layer}, head {head}</source>
        <translation>{variant} · {tokens} 个词元 · 第 {layer} 层，第 {head} 头</translation>
    </message>
    <message>
        <source>{w} × {h} px · {frames} frames · {seconds} s</source>
        <translation>{w} × {h} px · {frames} 帧 · {seconds} s</translation>
    </message>
    <message>
        <source>{w} × {h} was made {x} × {y}: {format} needs even sizes.</source>
        <translation>{w} × {h} 改为 {x} × {y}：{format} 需要偶数大小。</translation>
    </message>
</context>
<context>
    <name>palette</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>No token is locked.</source>
        <translation>没有锁定词元。</translation>
    </message>
    <message>
        <source>Nothing is being computed.</source>
        <translation>没有正在进行的计算。</translation>
    </message>
    <message>
        <source>Nothing was changed yet.</source>
        <translation>尚未更改任何内容。</translation>
    </message>
    <message>
        <source>Nothing was taken back.</source>
        <translation>没有可重做的更改。</translation>
    </message>
    <message>
        <source>Only on the stage.</source>
        <translation>仅在舞台上可用。</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>Scene {number}: {name}</source>
        <translation>场景 {number}：{name}</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>The weights in use were trained with another variant.</source>
        <translation>所用权重是用另一种变体训练的。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>There are four panes already.</source>
        <translation>已有四个窗格。</translation>
    </message>
    <message>
        <source>There are no scenes yet. Record one with F7, or open a tour.</source>
        <translation>还没有场景。按 F7 记录一个，或打开导览。</translation>
    </message>
    <message>
        <source>There is no next scene.</source>
        <translation>没有下一场景。</translation>
    </message>
    <message>
        <source>There is no scene before.</source>
        <translation>没有上一场景。</translation>
    </message>
    <message>
        <source>There is one pane only.</source>
        <translation>只有一个窗格。</translation>
    </message>
    <message>
        <source>There is one screen only, or all show the same.</source>
        <translation>只有一块屏幕，或所有屏幕显示相同内容。</translation>
    </message>
    <message>
        <source>These are the parameters of its training.</source>
        <translation>这些就是训练时的参数。</translation>
    </message>
    <message>
        <source>Variant</source>
        <translation>变体</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>panels</name>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>头</translation>
    </message>
    <message>
        <source>Head {n}</source>
        <translation>第 {n} 头</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Layer {n}</source>
        <translation>第 {n} 层</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>掩码</translation>
    </message>
    <message>
        <source>No weights were trained with {label} as it is set here.</source>
        <translation>没有以“{label}”的当前设置训练的权重。</translation>
    </message>
    <message>
        <source>Number format</source>
        <translation>数值格式</translation>
    </message>
    <message>
        <source>Recorded with weights that are not open here.</source>
        <translation>录制时所用的权重未在此打开。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>own weights</source>
        <translation>自有权重</translation>
    </message>
    <message>
        <source>weights of Full</source>
        <translation>全注意力的权重</translation>
    </message>
    <message>
        <source>{mask}: why not</source>
        <translation>{mask}：为何不行</translation>
    </message>
    <message>
        <source>{name}: the first {part} of {whole}, read only</source>
        <translation>{name}：共 {whole}，只读前 {part}，不可编辑</translation>
    </message>
    <message>
        <source>{threads} threads, {memory}, torch {version}</source>
        <translation>{threads} 个线程，{memory}，torch {version}</translation>
    </message>
    <message>
        <source>{title}, {width} pixels wide: each pixel is a token, row by row. Choose a text to write again.</source>
        <translation>{title}，宽 {width} 像素：每个像素是一个词元，逐行读取。要再次输入，请选择一段文本。</translation>
    </message>
</context>
<context>
    <name>panes</name>
    <message>
        <source>bidirectional</source>
        <translation>双向</translation>
    </message>
    <message>
        <source>causal</source>
        <translation>因果</translation>
    </message>
    <message>
        <source>head {n}</source>
        <translation>第 {n} 头</translation>
    </message>
    <message>
        <source>layer {n}</source>
        <translation>第 {n} 层</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source>output {share} % from the first’s</source>
        <translation>输出与首个相差 {share} %</translation>
    </message>
    <message>
        <source>recorded on {where}</source>
        <translation>录制于 {where}</translation>
    </message>
    <message>
        <source>seed {n}</source>
        <translation>种子 {n}</translation>
    </message>
    <message>
        <source>weights {name}</source>
        <translation>权重：{name}</translation>
    </message>
    <message>
        <source>{share} % of pairs kept</source>
        <translation>保留词元对 {share} %</translation>
    </message>
</context>
<context>
    <name>preflight</name>
    <message>
        <source>Ready for the stage: {all} scenes were played in {seconds} s, {shown} of them from stored runs, as the engine was not there; {stored} runs are stored ({size}), and no network is needed.</source>
        <translation>可以上台：{all} 个场景在 {seconds} 秒内播放完毕，因引擎不在，其中 {shown} 个用的是已存储的运行；已存储 {stored} 次运行（{size}），无需网络。</translation>
    </message>
    <message>
        <source>Ready for the stage: {all} scenes were played in {seconds} s, {stored} runs are stored ({size}), the engine is warm, and no network is needed.</source>
        <translation>可以上台：{all} 个场景播放完毕，用时 {seconds} s，已存储 {stored} 次运行（{size}），引擎已预热，无需网络。</translation>
    </message>
    <message>
        <source>it took more than {seconds} s</source>
        <translation>用时超过 {seconds} s</translation>
    </message>
    <message>
        <source>{count} of {all} scenes are not ready. {name}: {problem}</source>
        <translation>{all} 个场景中有 {count} 个未就绪。{name}：{problem}</translation>
    </message>
</context>
<context>
    <name>presenters</name>
    <message>
        <source> · chip colour = bucket, round {number}</source>
        <translation> · 颜色 = 桶，第 {number} 轮</translation>
    </message>
    <message>
        <source> · counted in cells, exact in a moment</source>
        <translation> · 按格统计，稍后给出精确结果</translation>
    </message>
    <message>
        <source> · reconstructed for display</source>
        <translation> · 为显示而重构</translation>
    </message>
    <message>
        <source> · weights of every {n}th query</source>
        <translation> · 每 {n} 个查询取一个的权重</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>1 run</source>
        <translation>1 次运行</translation>
    </message>
    <message>
        <source>Every random draw follows from it.</source>
        <translation>所有随机抽样都由它决定。</translation>
    </message>
    <message>
        <source>Full, fused</source>
        <translation>全注意力，融合</translation>
    </message>
    <message>
        <source>Full, textbook</source>
        <translation>全注意力，朴素</translation>
    </message>
    <message>
        <source>In training: {values}; Ctrl+R sets them.</source>
        <translation>训练时：{values}；按 Ctrl+R 采用。</translation>
    </message>
    <message>
        <source>No weights were computed: the run was not made.</source>
        <translation>没有计算权重：尚未运行。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Texts longer than {n} tokens were not seen in training.</source>
        <translation>训练时没有见过超过 {n} 个词元的文本。</translation>
    </message>
    <message>
        <source>The weights were trained causally; this run is bidirectional.</source>
        <translation>权重以因果方式训练；本次运行是双向的。</translation>
    </message>
    <message>
        <source>The weights were trained with this attention.</source>
        <translation>权重是用这种注意力训练的。</translation>
    </message>
    <message>
        <source>The weights were trained with {trained} attention; {label} replaces it.</source>
        <translation>权重是用“{trained}”训练的；这里换成了“{label}”。</translation>
    </message>
    <message>
        <source>There is no text yet.</source>
        <translation>还没有文本。</translation>
    </message>
    <message>
        <source>Which pairs are kept depends on the text, and the run was not made.</source>
        <translation>保留哪些词元对取决于文本，而尚未运行。</translation>
    </message>
    <message>
        <source>Which pairs are kept depends on the text; they appear with the run.</source>
        <translation>保留哪些词元对取决于文本；运行后显示。</translation>
    </message>
    <message>
        <source>as fast</source>
        <translation>一样快</translation>
    </message>
    <message>
        <source>as large</source>
        <translation>一样大</translation>
    </message>
    <message>
        <source>bidirectional</source>
        <translation>双向</translation>
    </message>
    <message>
        <source>causal</source>
        <translation>因果</translation>
    </message>
    <message>
        <source>counted exactly, head {n}</source>
        <translation>精确计数，第 {n} 头</translation>
    </message>
    <message>
        <source>every pair is implied</source>
        <translation>隐含所有词元对</translation>
    </message>
    <message>
        <source>it keeps no pairs</source>
        <translation>它不保留词元对</translation>
    </message>
    <message>
        <source>longer text, cut</source>
        <translation>文本较长，已截断</translation>
    </message>
    <message>
        <source>median of {n}</source>
        <translation>{n} 次的中位数</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>output error</source>
        <translation>输出误差</translation>
    </message>
    <message>
        <source>pairs computed</source>
        <translation>计算的词元对</translation>
    </message>
    <message>
        <source>pairs kept</source>
        <translation>保留的词元对</translation>
    </message>
    <message>
        <source>peak memory</source>
        <translation>峰值内存</translation>
    </message>
    <message>
        <source>softmax mass found</source>
        <translation>覆盖的 softmax 概率</translation>
    </message>
    <message>
        <source>text repeats {times}×</source>
        <translation>文本重复 {times} 遍</translation>
    </message>
    <message>
        <source>time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>个词元</translation>
    </message>
    <message>
        <source>whole text</source>
        <translation>完整文本</translation>
    </message>
    <message>
        <source>with its own scores {share} %</source>
        <translation>按自身分数 {share} %</translation>
    </message>
    <message>
        <source>{count} in whole blocks</source>
        <translation>按整块计 {count}</translation>
    </message>
    <message>
        <source>{count} products of positions</source>
        <translation>{count} 个位置乘积</translation>
    </message>
    <message>
        <source>{factor}× faster</source>
        <translation>快 {factor}×</translation>
    </message>
    <message>
        <source>{factor}× larger</source>
        <translation>大 {factor}×</translation>
    </message>
    <message>
        <source>{factor}× slower</source>
        <translation>慢 {factor}×</translation>
    </message>
    <message>
        <source>{factor}× smaller</source>
        <translation>小 {factor}×</translation>
    </message>
    <message>
        <source>{label} runs in the layers below, too.</source>
        <translation>下面各层也运行“{label}”。</translation>
    </message>
    <message>
        <source>{name}: every {mask} pair is implied, none is scored</source>
        <translation>{name}：隐含所有{mask}词元对，不逐对打分</translation>
    </message>
    <message>
        <source>{name}: {share} % of the {mask} pairs kept</source>
        <translation>{name}：保留 {share} % 的{mask}词元对</translation>
    </message>
    <message>
        <source>{n} tokens</source>
        <translation>{n} 个词元</translation>
    </message>
    <message>
        <source>{n} tokens · tint = weight, strongest {largest}</source>
        <translation>{n} 个词元 · 着色 = 权重，最大 {largest}</translation>
    </message>
    <message>
        <source>{n} tokens · tint = {what}, largest {largest}</source>
        <translation>{n} 个词元 · 着色 = {what}，最大 {largest}</translation>
    </message>
    <message>
        <source>{part} of {whole}</source>
        <translation>{part} / {whole}</translation>
    </message>
    <message>
        <source>{setting} {choice}</source>
        <translation>{setting}为{choice}</translation>
    </message>
    <message>
        <source>{variant}, {parameters}</source>
        <translation>{variant}，{parameters}</translation>
    </message>
</context>
<context>
    <name>problems</name>
    <message>
        <source>A film goes from less to more, but this one from {first} to {last}; change one of them.</source>
        <translation>视频应从小到大，但这里从 {first} 到 {last}；请更改其中之一。</translation>
    </message>
    <message>
        <source>A film may have {most} frames, but this one would have {frames}; make it shorter, or give fewer frames a second.</source>
        <translation>视频最多 {most} 帧，但这里会有 {frames} 帧；请缩短，或减少每秒帧数。</translation>
    </message>
    <message>
        <source>A film needs at least two frames and a time above 0 seconds; give more seconds, or more frames a second.</source>
        <translation>视频至少需要两帧，时长须大于 0 秒；请延长时长，或增加每秒帧数。</translation>
    </message>
    <message>
        <source>A size is a number with mm, cm, in, pt or px, from 5 mm to 2 m and up to 20,000 pixels, for example 84mm; “{text}” is none.</source>
        <translation>尺寸应为带 mm、cm、in、pt 或 px 的数，从 5 mm 到 2 m，最多 20,000 像素，例如 84mm；“{text}”不是。</translation>
    </message>
    <message>
        <source>A type size is from 2 to 72 points, for example 8pt; “{text}” is none.</source>
        <translation>字号为 2 到 72 磅，例如 8pt；“{text}”不是。</translation>
    </message>
    <message>
        <source>A {format} file holds one table, but there are {count}: choose one of {choices} with --array, or write NPZ or JSON.</source>
        <translation>{format} 文件只存一个表，但这里有 {count} 个：请用 --array 从 {choices} 中选择，或写成 NPZ 或 JSON。</translation>
    </message>
    <message>
        <source>E and F should be {expected}, but one is {arrived}; set k to its number of rows.</source>
        <translation>E 和 F 应为 {expected}，但其中一个是 {arrived}；请把 k 设为它的行数。</translation>
    </message>
    <message>
        <source>Each pixel is one token. The weights were trained on text, so how much each pixel reads another means nothing here; which ones it reads does.</source>
        <translation>每个像素是一个词元。权重是用文本训练的，因此像素之间读取多少在这里没有意义；读取哪些像素才有意义。</translation>
    </message>
    <message>
        <source>Films need ffmpeg, which does not start here: {reason}. Install Attnscope again to restore it.</source>
        <translation>视频需要 ffmpeg，但它在这里无法启动：{reason}。请重新安装 Attnscope 以恢复。</translation>
    </message>
    <message>
        <source>In {path}, {name} should have shape {expected}, but has {arrived}. Install Attnscope again to restore it.</source>
        <translation>{path} 中 {name} 的形状应为 {expected}，但现在是 {arrived}。请重新安装 Attnscope 以恢复。</translation>
    </message>
    <message>
        <source>Relative attention needs {names} together; give {missing} too.</source>
        <translation>相对注意力需要同时给出 {names}；请再给出 {missing}。</translation>
    </message>
    <message>
        <source>Results are recorded at one length each, and a film of growing length has to run; leave out --results.</source>
        <translation>每个结果只在一个长度上录制，而长度不断增长的视频必须运行；请去掉 --results。</translation>
    </message>
    <message>
        <source>Some characters are halves of a pair and no text; they are read as “?”.</source>
        <translation>有些字符只是代理对的一半，不是文本；它们按“?”读取。</translation>
    </message>
    <message>
        <source>The engine could not do this: {reason}. Change a setting, and send this sentence to the developers.</source>
        <translation>引擎无法完成：{reason}。请更改设置，并把这句话发给开发者。</translation>
    </message>
    <message>
        <source>The engine does not start. Free some memory, or install Attnscope again, then try again.</source>
        <translation>引擎无法启动。请释放一些内存，或重新安装 Attnscope，然后重试。</translation>
    </message>
    <message>
        <source>The engine stopped and was started again; the picture is being made anew.</source>
        <translation>引擎停止后已重新启动；正在重新生成画面。</translation>
    </message>
    <message>
        <source>The export was cancelled; {path} is as it was.</source>
        <translation>导出已取消；{path} 保持原样。</translation>
    </message>
    <message>
        <source>The file is not all UTF-8; bytes that are no text are read as “?”. Save it as UTF-8 to read it whole.</source>
        <translation>文件不全是 UTF-8；不是文本的字节按“?”读取。请另存为 UTF-8 以完整读取。</translation>
    </message>
    <message>
        <source>The film was not finished; {path} is as it was before.</source>
        <translation>视频未完成；{path} 保持原样。</translation>
    </message>
    <message>
        <source>The implied weights need E and F, which were drawn inside the run; give them as extras.</source>
        <translation>隐含权重需要 E 和 F，而它们是在运行内部抽取的；请作为附加输入给出。</translation>
    </message>
    <message>
        <source>The length must be a whole number from 8 to 1,048,576, but is {length}.</source>
        <translation>长度必须是 8 到 1,048,576 之间的整数，但现在是 {length}。</translation>
    </message>
    <message>
        <source>The page is {millimetres} mm high, and the words around the picture alone take {words} mm. Make it higher, or the type smaller.</source>
        <translation>页面高 {millimetres} mm，而图片周围的文字就要占 {words} mm。请加大高度，或减小字号。</translation>
    </message>
    <message>
        <source>The picture is still being computed; export it when it is there.</source>
        <translation>画面仍在计算；完成后再导出。</translation>
    </message>
    <message>
        <source>The results do not hold all that is drawn here, and so it was run now.</source>
        <translation>结果中没有此处绘制所需的全部内容，因此现在重新运行。</translation>
    </message>
    <message>
        <source>The results were written by a newer Attnscope (format {format}; this one reads up to {known}). Install the newest Attnscope to open them.</source>
        <translation>结果由更新版本的 Attnscope 写入（格式 {format}；此版本最多读取到 {known}）。请安装最新版 Attnscope 来打开。</translation>
    </message>
    <message>
        <source>The run is not there yet; save its data once it is done.</source>
        <translation>运行尚未完成；请在完成后保存其数据。</translation>
    </message>
    <message>
        <source>The session could not be read ({reason}); a new one was started, and the file was kept beside it as session.unreadable.json.</source>
        <translation>无法读取会话（{reason}）；已开始新的会话，原文件保存在旁边的 session.unreadable.json。</translation>
    </message>
    <message>
        <source>The session says itself what is run and shown; leave out {options}.</source>
        <translation>运行和显示什么由会话自身决定；请去掉 {options}。</translation>
    </message>
    <message>
        <source>The session used “{name}”, which is not here now; {shown} is shown instead. Add its file again with File ▸ Add variant…, or install its package.</source>
        <translation>会话使用了“{name}”，但现在没有它；改为显示 {shown}。请用“文件”菜单的“添加变体…”重新添加其文件，或安装其软件包。</translation>
    </message>
    <message>
        <source>The session uses “{name}”, which is not here; add its file with --plugin FILE, or install its package.</source>
        <translation>会话使用了“{name}”，但此处没有；用 --plugin FILE 添加其文件，或安装其软件包。</translation>
    </message>
    <message>
        <source>The session was made with the weights in {folder}, which were not opened; open them with File ▸ Open weights… if you trust them.</source>
        <translation>会话使用了 {folder} 中的权重，但未打开它们；如果信任，请用“文件”菜单的“打开权重…”打开。</translation>
    </message>
    <message>
        <source>The session was written by a newer Attnscope (format {format}; this one reads up to {known}). Install the newest Attnscope to open it.</source>
        <translation>会话由更新的 Attnscope 写出（格式 {format}；当前版本最高读取 {known}）。请安装最新的 Attnscope 再打开。</translation>
    </message>
    <message>
        <source>The steps are not there yet; film them once the run is done.</source>
        <translation>步骤还没有；请在运行完成后再制作视频。</translation>
    </message>
    <message>
        <source>The weights file {path} cannot be read: {reason}. Install Attnscope again to restore it.</source>
        <translation>无法读取权重文件 {path}：{reason}。请重新安装 Attnscope 以恢复。</translation>
    </message>
    <message>
        <source>The weights file {path} is damaged ({reason}). Install Attnscope again to restore it.</source>
        <translation>权重文件 {path} 已损坏（{reason}）。请重新安装 Attnscope 以恢复。</translation>
    </message>
    <message>
        <source>The {view} has to be run at each length; make its film in the export dialog, or with “attnscope animate --over length”.</source>
        <translation>“{view}”必须在每个长度上运行；请在导出对话框中，或用“attnscope animate --over length”制作视频。</translation>
    </message>
    <message>
        <source>The {view} of {variant} does not move in such a film; choose one of {choices}.</source>
        <translation>“{variant}”的“{view}”在这种视频中不会变化；请从 {choices} 中选择。</translation>
    </message>
    <message>
        <source>The {what} must be START:STOP within 0:{size}, for example 0:8, but are {range}.</source>
        <translation>{what}必须是 0:{size} 之内的 START:STOP，例如 0:8，但现在是 {range}。</translation>
    </message>
    <message>
        <source>The {what} must be from 0 to {largest}, but is {value}.</source>
        <translation>{what}必须在 0 到 {largest} 之间，但现在是 {value}。</translation>
    </message>
    <message>
        <source>The {what} must be from {smallest} to {largest}, but is {value}.</source>
        <translation>{what}必须在 {smallest} 到 {largest} 之间，但现在是 {value}。</translation>
    </message>
    <message>
        <source>There are no weights in {path}; choose a folder that Attnscope’s training wrote.</source>
        <translation>{path} 中没有权重；请选择由 Attnscope 训练写出的文件夹。</translation>
    </message>
    <message>
        <source>There is no array “{name}”; there are {choices}.</source>
        <translation>没有数组“{name}”；现有 {choices}。</translation>
    </message>
    <message>
        <source>There is no device {device} now; choose another one.</source>
        <translation>现在没有设备 {device}；请选择其他设备。</translation>
    </message>
    <message>
        <source>There is no format “{name}”; choose one of {choices}.</source>
        <translation>没有格式“{name}”；请从 {choices} 中选择。</translation>
    </message>
    <message>
        <source>There is no sample “{name}”; choose one of {choices}.</source>
        <translation>没有示例“{name}”；请从 {choices} 中选择。</translation>
    </message>
    <message>
        <source>There is no step “{name}”; there are {choices}.</source>
        <translation>没有步骤“{name}”；现有 {choices}。</translation>
    </message>
    <message>
        <source>There is no text to run on; type some, or choose a sample.</source>
        <translation>没有可运行的文本；请输入，或选择示例。</translation>
    </message>
    <message>
        <source>There is no theme “{name}”; choose one of {choices}.</source>
        <translation>没有主题“{name}”；请从 {choices} 中选择。</translation>
    </message>
    <message>
        <source>There is no variant “{name}”; choose one of {choices}.</source>
        <translation>没有变体“{name}”；请从 {choices} 中选择。</translation>
    </message>
    <message>
        <source>There is nothing to save: the steps that were chosen recorded no arrays; choose others of {choices}.</source>
        <translation>没有可保存的内容：所选步骤没有记录数组；请从 {choices} 中另选。</translation>
    </message>
    <message>
        <source>These weights hold E and F with k = {stored}, not {k}; set k to {stored}, or choose another projection.</source>
        <translation>这些权重中 E 和 F 的 k = {stored}，不是 {k}；请把 k 设为 {stored}，或选择其他投影。</translation>
    </message>
    <message>
        <source>What kind of file {path} should be is not known; end its name with one of {choices}.</source>
        <translation>不知道 {path} 应是哪种文件；请让文件名以 {choices} 之一结尾。</translation>
    </message>
    <message>
        <source>q, k and v should have the same heads and dtype, q and k the same features, and k and v the same positions, but are {q}, {k} and {v}.</source>
        <translation>q、k 和 v 的头数和数值格式应相同，q 和 k 的特征数应相同，k 和 v 的位置数应相同，但现在是 {q}、{k} 和 {v}。</translation>
    </message>
    <message>
        <source>{label} at {n} tokens would need about {gigabytes:.1f} GB; {free:.1f} GB may be used. Shorten the length, or run it anyway.</source>
        <translation>“{label}”在 {n} 个词元时约需 {gigabytes:.1f} GB；可用 {free:.1f} GB。请缩短长度，或仍然运行。</translation>
    </message>
    <message>
        <source>{label} at {n} tokens would take about {duration} a call; the budget is {budget:.3g} s. Shorten the length, or run it anyway.</source>
        <translation>“{label}”在 {n} 个词元时每次调用约需 {duration}；预算为 {budget:.3g} s。请缩短长度，或仍然运行。</translation>
    </message>
    <message>
        <source>{label} ended the engine twice, and was stopped. Mend its code, and add it again.</source>
        <translation>“{label}”两次使引擎终止，已被停用。请修改其代码后重新添加。</translation>
    </message>
    <message>
        <source>{label} must be {expected}, but is {value}; change it in the parameters.</source>
        <translation>“{label}”应为{expected}，但现在是 {value}；请在参数中修改。</translation>
    </message>
    <message>
        <source>{label} ran out of memory at {n} tokens. Shorten the length, or choose another variant.</source>
        <translation>“{label}”在 {n} 个词元时内存不足。请缩短长度，或选择其他变体。</translation>
    </message>
    <message>
        <source>{label} went wrong: {reason}. Mend its code, and add it again.</source>
        <translation>“{label}”出错：{reason}。请修改其代码后重新添加。</translation>
    </message>
    <message>
        <source>{options} needs a session; name a .attnscope file.</source>
        <translation>{options} 需要会话；请指定一个 .attnscope 文件。</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}. Choose another file.</source>
        <translation>无法读取 {path}：{reason}。请选择其他文件。</translation>
    </message>
    <message>
        <source>{path} could not be saved: {reason}. Choose another place.</source>
        <translation>无法保存 {path}：{reason}。请选择其他位置。</translation>
    </message>
    <message>
        <source>{path} ended the engine while it was loaded; it was left out. Mend it, and add it again.</source>
        <translation>{path} 在加载时使引擎终止，已略去。请修改后重新添加。</translation>
    </message>
    <message>
        <source>{path} has no VARIANT. End it with “VARIANT = …”, as the example in CONTRIBUTING.md does.</source>
        <translation>{path} 中没有 VARIANT。请像 CONTRIBUTING.md 中的例子那样以“VARIANT = …”结尾。</translation>
    </message>
    <message>
        <source>{path} has {megabytes} MB; files up to {largest} MB open. Cut it, and open a part.</source>
        <translation>{path} 有 {megabytes} MB；最大可打开 {largest} MB。请截取一部分再打开。</translation>
    </message>
    <message>
        <source>{path} holds no results that can be read ({reason}); nothing was changed. Choose another file.</source>
        <translation>{path} 中没有可读取的结果（{reason}）；未作任何更改。请选择另一个文件。</translation>
    </message>
    <message>
        <source>{path} holds no text; open another one.</source>
        <translation>{path} 中没有文本；请打开其他文件。</translation>
    </message>
    <message>
        <source>{path} is no Python program ({reason}, line {line}). Mend it, and add it again.</source>
        <translation>{path} 不是 Python 程序（{reason}，第 {line} 行）。请修改后重新添加。</translation>
    </message>
    <message>
        <source>{path} is no session that can be read ({reason}); nothing was changed. Open another file.</source>
        <translation>{path} 不是可读取的会话（{reason}）；未作任何更改。请打开另一个文件。</translation>
    </message>
    <message>
        <source>{path} is not a text file (it holds null bytes); open a UTF-8 text.</source>
        <translation>{path} 不是文本文件（含有空字节）；请打开 UTF-8 文本。</translation>
    </message>
    <message>
        <source>{path} is there already, and was kept; choose another place, or replace it with --force.</source>
        <translation>{path} 已存在，并被保留；请选择另一个位置，或用 --force 替换它。</translation>
    </message>
    <message>
        <source>{path} was still loading after {seconds} s; the engine was started again without it.</source>
        <translation>{path} 在 {seconds} s 后仍未加载完；引擎已重新启动，不再加载它。</translation>
    </message>
    <message>
        <source>{rows} × {columns} values are more than the {most} that fit; ask for a smaller range, for example {side} × {side}.</source>
        <translation>{rows} × {columns} 个值超过可容纳的 {most} 个；请选择较小的范围，例如 {side} × {side}。</translation>
    </message>
    <message>
        <source>{source} could not be loaded: {reason}. Mend it, and add it again.</source>
        <translation>无法加载 {source}：{reason}。请修改后重新添加。</translation>
    </message>
    <message>
        <source>{source} should give an engines.variant.Variant, but gives {arrived}. Mend it, and add it again.</source>
        <translation>{source} 应给出 engines.variant.Variant，但给出的是 {arrived}。请修改后重新添加。</translation>
    </message>
    <message>
        <source>{source}: the name “{name}” is taken by {by}. Give the variant another name.</source>
        <translation>{source}：名称“{name}”已被 {by} 使用。请给变体换一个名称。</translation>
    </message>
    <message>
        <source>{source}: {name} should be {expected}, but is {arrived}. Mend it, and add it again.</source>
        <translation>{source}：{name} 应为 {expected}，但现在是 {arrived}。请修改后重新添加。</translation>
    </message>
    <message>
        <source>{values} values are more than the {most} that fit; ask for up to {fit} positions, or for one array.</source>
        <translation>{values} 个值超过可容纳的 {most} 个；请最多选择 {fit} 个位置，或只选一个数组。</translation>
    </message>
    <message>
        <source>{variant} cannot run {mask}: {reason}</source>
        <translation>“{variant}”不能以“{mask}”方式运行：{reason}</translation>
    </message>
    <message>
        <source>{variant} has no parameter “{name}”; it has {choices}.</source>
        <translation>“{variant}”没有参数“{name}”；它有 {choices}。</translation>
    </message>
    <message>
        <source>{variant} has no view “{name}”; it has {choices}.</source>
        <translation>“{variant}”没有视图“{name}”；它有 {choices}。</translation>
    </message>
    <message>
        <source>{variant} has no {view} to show here; it has {choices}.</source>
        <translation>“{variant}”在这里没有“{view}”可显示；它有 {choices}。</translation>
    </message>
    <message>
        <source>{what} should be START:STOP, for example 0:256, but is “{text}”.</source>
        <translation>{what}应为 START:STOP，例如 0:256，但现在是“{text}”。</translation>
    </message>
    <message>
        <source>“relative_key” must reach over {needed} distances, but has {arrived}; make it longer, or shorten the segment or the memory.</source>
        <translation>“relative_key”须覆盖 {needed} 个距离，但只有 {arrived} 个；请加长它，或缩短段或记忆。</translation>
    </message>
    <message>
        <source>“{name}” is an image, and has no text; choose a sample that is a text.</source>
        <translation>“{name}”是图像，没有文本；请选择文本示例。</translation>
    </message>
    <message>
        <source>“{name}” should be floating-point numbers [head, position, feature], or [position, feature] for one head, but is {arrived}.</source>
        <translation>“{name}”应为浮点数 [头, 位置, 特征]，或单头的 [位置, 特征]，但现在是 {arrived}。</translation>
    </message>
    <message>
        <source>“{setting}” should be NAME=VALUE, for example window=256.</source>
        <translation>“{setting}”应写成 NAME=VALUE，例如 window=256。</translation>
    </message>
</context>
<context>
    <name>studies</name>
    <message>
        <source>; rows {first} to {last} are shown</source>
        <translation>；显示第 {first} 行到第 {last} 行</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>正在计算…</translation>
    </message>
    <message>
        <source>The matrices that are multiplied, to scale</source>
        <translation>相乘的各矩阵，按比例绘制</translation>
    </message>
    <message>
        <source>There is no text yet.</source>
        <translation>还没有文本。</translation>
    </message>
    <message>
        <source>There is nothing to study: the run was not made.</source>
        <translation>没有可分析的内容：尚未运行。</translation>
    </message>
    <message>
        <source>This could not be computed.</source>
        <translation>无法计算。</translation>
    </message>
    <message>
        <source>Token {target} can be reached by {reached} tokens through {layers} layers; a segment holds {length}</source>
        <translation>经 {layers} 层，有 {reached} 个词元能到达词元 {target}；一段有 {length} 个词元</translation>
    </message>
    <message>
        <source>What is multiplied</source>
        <translation>相乘的矩阵</translation>
    </message>
    <message>
        <source>{label}: S ← S + φ(k)vᵀ, z ← z + φ(k), token by token; the past is one matrix</source>
        <translation>{label}：S ← S + φ(k)vᵀ，z ← z + φ(k)，逐个词元；全部过去只是一个矩阵</translation>
    </message>
    <message>
        <source>{n} positions in rows of {width}: token {locked} reads {reads} of them</source>
        <translation>{n} 个位置，每行 {width} 个：词元 {locked} 读取其中 {reads} 个</translation>
    </message>
</context>
<context>
    <name>themes</name>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
</context>
<context>
    <name>views</name>
    <message>
        <source>Buckets</source>
        <translation>桶</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>Hash, sort, chunk, attend</source>
        <translation>哈希、排序、分块、计算注意力</translation>
    </message>
    <message>
        <source>Pairs that this pane or the first one alone keeps</source>
        <translation>只有此窗格或只有第一个窗格保留的词元对</translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>Segments</source>
        <translation>分段</translation>
    </message>
    <message>
        <source>Segments through the layers, and what is cached</source>
        <translation>各段逐层传递，以及缓存的内容</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>The attention weights</source>
        <translation>注意力权重</translation>
    </message>
    <message>
        <source>The matrices that are multiplied</source>
        <translation>参与相乘的矩阵</translation>
    </message>
    <message>
        <source>The positions folded into a grid, as the locked token sees them</source>
        <translation>把位置折成网格，从锁定的词元看</translation>
    </message>
    <message>
        <source>The running state, filling token by token</source>
        <translation>运行状态，逐个词元填充</translation>
    </message>
    <message>
        <source>This pane’s weights minus the first one’s</source>
        <translation>此窗格的权重减去第一个窗格的权重</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Weights a − b</source>
        <translation>权重 a − b</translation>
    </message>
    <message>
        <source>Which pairs are kept</source>
        <translation>保留了哪些词元对</translation>
    </message>
</context>
</TS>
