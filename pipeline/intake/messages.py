"""Every line that intake says to people, in Chinese and English, by its stable code."""

from dataclasses import dataclass

from zoubian.pipeline.domain.problems import Note, Problem


@dataclass(frozen=True, slots=True)
class Message:
    """One clear line in both languages, not yet tied to a path."""

    code: str
    zh: str
    en: str

    def problem(self, path: str) -> Problem:
        """The message as the reason why the item at `path` could not be used."""
        return Problem(path, self.code, self.zh, self.en)

    def note(self, path: str) -> Note:
        """The message as something to know about the item at `path`."""
        return Note(path, self.code, self.zh, self.en)


def message(code: str, **fields: object) -> Message:
    """The message of `code`, its placeholders filled with `fields`.

    >>> message("empty").en
    'The file is empty (0 bytes)'
    """
    zh, en = _TEXTS[code]
    return Message(code, zh.format(**fields), en.format(**fields))


_TEXTS: dict[str, tuple[str, str]] = {
    # finding files
    "missing": ("没有这个文件或文件夹", "There is no such file or folder"),
    "unreadable": ("无法读取：{reason}", "It cannot be read: {reason}"),
    "dangling_link": ("链接指向的文件不存在", "The link points to a file that does not exist"),
    "symlink_loop": (
        "链接绕回到自身或上级文件夹，未进入",
        "The link leads back to itself or to a folder above it; it was not followed",
    ),
    "not_a_file": (
        "不是普通文件（管道、设备或套接字），未读取",
        "It is no ordinary file (a pipe, device or socket); it was not read",
    ),
    "name_not_unicode": (
        "文件名编码不正确（多见于 Windows 压缩包），请改名后重试",
        "The file name is not valid UTF-8 (often from a Windows archive); rename it and try again",
    ),
    "empty": ("文件是空的（0 字节）", "The file is empty (0 bytes)"),
    "too_large_file": (
        "文件有 {megabytes} MB，超过上限 {limit_megabytes} MB",
        "The file has {megabytes} MB, more than the limit of {limit_megabytes} MB",
    ),
    "not_a_picture": (
        "扩展名像图片，内容却不是",
        "It is named like a picture, but its content is none",
    ),
    "not_a_video": (
        "扩展名像视频，内容却不是",
        "It is named like a video, but its content is none",
    ),
    "playlist_refused": (
        "这是播放列表，指向其他文件或网址，出于安全不读取；请直接提供视频文件",
        "This is a playlist that points to other files or addresses: for safety it is not read; "
        "give the video files themselves",
    ),
    "side_files": (
        "跳过附属文件（{kind}）：{count} 个",
        "Side files skipped ({kind}): {count}",
    ),
    "repeated": (
        "有路径指向已收入的文件或文件夹：{count} 个，每个文件只读一次",
        "Paths that lead to something already found: {count}; each file is read once",
    ),
    # decoding photos
    "truncated": (
        "图片不完整，后半部分缺失，请重新拷贝",
        "The picture is cut off: its end is missing; copy it again",
    ),
    "damaged": ("图片数据已损坏，无法解码", "The picture's data is damaged and cannot be decoded"),
    "too_many_pixels": (
        "图片声称有 {width_px} x {height_px} 像素，超过上限 {limit_megapixels} 百万像素",
        "The picture claims {width_px} x {height_px} pixels, more than the limit of "
        "{limit_megapixels} megapixels",
    ),
    "unsupported_format": (
        "不支持的图片格式（{media_type}），请转成 JPEG 再试",
        "This picture format is not supported ({media_type}); convert it to JPEG",
    ),
    "out_of_memory": (
        "内存不足，无法解码这张图片",
        "There is not enough memory to decode this picture",
    ),
    "animated_first_frame": (
        "动图，只使用第一帧",
        "The picture is animated; only its first frame is used",
    ),
    # reading videos
    "unsupported_video": (
        "不支持的视频格式（{media_type}），请转成 MP4 再试",
        "This video format is not supported ({media_type}); convert it to MP4",
    ),
    "video_without_index": (
        "视频没有写完（缺少索引 moov），无法读取，请重新拷贝或用修复工具处理",
        "The video was never finished: its index (moov) is missing; copy it again or repair it",
    ),
    "video_damaged": (
        "视频数据已损坏，无法读取",
        "The video's data is damaged and cannot be read",
    ),
    "video_without_picture": (
        "文件里只有声音，没有画面",
        "The file holds sound only, no pictures",
    ),
    "video_empty": ("视频里一帧也没有", "The video holds no frame"),
    "video_without_key": (
        "视频里没有关键帧，无法解码",
        "The video holds no key frame, so nothing of it can be decoded",
    ),
    "video_undecodable": (
        "视频画面（{codec}）无法解码",
        "The video's pictures ({codec}) cannot be decoded",
    ),
    "video_too_large": (
        "视频画面有 {width_px} x {height_px} 像素，超过上限 {limit_megapixels} 百万像素",
        "The video's frames have {width_px} x {height_px} pixels, more than the limit of "
        "{limit_megapixels} megapixels",
    ),
    "video_cut": (
        "视频不完整，后半部分缺失；已使用前 {seconds} 秒，其余请重新拷贝",
        "The video is cut off: its first {seconds} s are used; copy it again for the rest",
    ),
    "video_too_long": (
        "视频声称长 {hours} 小时，超过上限 {limit_hours} 小时",
        "The video claims to last {hours} hours, more than the limit of {limit_hours} hours",
    ),
    "duration_wrong": (
        "文件写明时长 {stated} 秒，实际为 {seconds} 秒，按实际处理",
        "The file states {stated} s; it holds {seconds} s, which are used",
    ),
    "no_key_at_start": (
        "视频开头没有关键帧，前 {seconds} 秒无法显示，未分析",
        "The video does not begin with a key frame: its first {seconds} s cannot be shown",
    ),
    "single_frame": ("视频只有一帧", "The video holds a single frame"),
    "no_frame_rate": (
        "文件没有写明帧率，按各帧自己的时间处理",
        "The file states no frame rate; the frames' own times are used",
    ),
    "frame_times_assumed": (
        "各帧的时间不可用，按每秒 {rate} 帧处理",
        "The frames' times are of no use; {rate} frames a second are assumed",
    ),
    "very_large_frames": (
        "画面很大（{width_px} x {height_px}），分析较慢",
        "The frames are very large ({width_px} x {height_px}): analysing is slow",
    ),
    # when and where a video was taken
    "creation_time_local": (
        "视频的创建时间按本地时间理解才与轨迹相符，已照此处理",
        "Only read as local time does the video's creation time fit the track; it is read so",
    ),
    "clip_time_differs_from_gps": (
        "相机时钟与卫星时间相差 {minutes} 分钟，按卫星时间处理，请核对相机时钟或 --tz",
        "The camera's clock and GPS time differ by {minutes} minutes; GPS time is used, check the "
        "clock or --tz",
    ),
    "clip_without_fix": (
        "视频带有定位数据，但从未定位成功",
        "The video carries positions, but its receiver never had a fix",
    ),
    "clip_fixes_cleaned": (
        "视频自带的定位已清理：去掉 {count} 个零点或跳点",
        "The video's own positions were cleaned: {count} points at 0,0 or jumps left out",
    ),
    "clip_gap": (
        "与上一段视频之间有 {seconds} 秒没有画面",
        "There are {seconds} s without pictures between this clip and the one before",
    ),
    "clip_overlap": (
        "开头 {seconds} 秒与上一段视频重复，只算一次",
        "Its first {seconds} s repeat the clip before; they count once",
    ),
    "clock_ahead": (
        "按转弯和停车对照，相机时钟比轨迹快 {seconds} 秒，已校正",
        "Turns and stops show that the camera's clock is {seconds} s ahead of the track; corrected",
    ),
    "clock_behind": (
        "按转弯和停车对照，相机时钟比轨迹慢 {seconds} 秒，已校正",
        "Turns and stops show that the camera's clock is {seconds} s behind the track; corrected",
    ),
    "clip_other_view": (
        "后视或车内镜头的视频，前方镜头已有同行程画面，未分析",
        "This camera looks back or inside, and another one looks ahead; it was not analysed",
    ),
    "clip_without_time": (
        "视频没有可用的拍摄时间，无法与轨迹对应",
        "No time is known of the video; it cannot be placed on a track",
    ),
    "clip_datum_suspected": (
        "视频自带的定位与轨迹相差正好是 WGS-84 与 GCJ-02 之差，请用 --crs 说明坐标系",
        "The video's positions and the track differ as WGS-84 and GCJ-02 do; say with --crs which "
        "it is",
    ),
    # reading EXIF
    "exif_broken": (
        "拍摄信息（EXIF）已损坏，照片照常使用",
        "The photo's EXIF is broken; the picture itself is used",
    ),
    "position_zero": (
        "照片里的位置是 0,0（未定位），不采用",
        "The photo's position is 0,0 (no fix); it is not used",
    ),
    "position_damaged": (
        "照片里的位置不是有效的经纬度，不采用",
        "The photo's position is no valid latitude and longitude; it is not used",
    ),
    "position_void": (
        "相机标明定位无效，位置不采用",
        "The camera marks its position as void; it is not used",
    ),
    "position_ref_assumed": (
        "位置没有注明南北纬或东西经，按北纬东经处理",
        "The position does not say north or south, east or west; north and east are assumed",
    ),
    "datum_gcj02": (
        "照片注明位置为 GCJ-02，已换算成 WGS-84",
        "The photo says its position is GCJ-02; it was converted to WGS-84",
    ),
    "datum_unknown": (
        "照片注明的坐标系（{datum}）不认识，按 --crs 处理",
        "The photo's datum ({datum}) is not known; --crs decides",
    ),
    "time_absurd": (
        "照片的拍摄时间是 {year} 年，相机时钟不对，不采用",
        "The photo's capture time is in the year {year}: the camera's clock is wrong; not used",
    ),
    "time_damaged": (
        "照片的拍摄时间无法识别，不采用",
        "The photo's capture time cannot be read; it is not used",
    ),
    "time_differs_from_gps": (
        "相机时间与卫星时间相差 {minutes} 分钟，请核对相机时钟或 --tz",
        "The camera's clock and GPS time differ by {minutes} minutes; check the clock or --tz",
    ),
    "no_position": ("没有位置信息", "No position is known"),
    "no_time": ("没有拍摄时间", "No capture time is known"),
    # reading tracks
    "track_damaged": (
        "轨迹文件已损坏或不是轨迹，未采用",
        "The track file is damaged or no track; it is not used",
    ),
    "track_cut": (
        "轨迹文件在中途断开，只采用前 {count} 个点",
        "The track file is cut off; its first {count} points are used",
    ),
    "track_unsafe": (
        "轨迹文件含有 DTD 或实体定义，出于安全未读取",
        "The track file declares a DTD or entities; for safety it was not read",
    ),
    "track_too_large": (
        "轨迹文件有 {megabytes} MB，超过上限 {limit_megabytes} MB",
        "The track file has {megabytes} MB, more than the limit of {limit_megabytes} MB",
    ),
    "track_empty": ("轨迹里没有可用的点", "The track holds no usable point"),
    "track_without_times": (
        "轨迹的点没有时间，无法与照片对应",
        "The track's points have no times; photos cannot be placed on it",
    ),
    "track_cleaned": (
        "轨迹已清理：去掉 {zeros} 个零点、{jumps} 个跳点、{repeats} 个重复时刻、"
        "{untimed} 个无时间点、{garbled} 行校验错误",
        "The track was cleaned: {zeros} points at 0,0, {jumps} jumps, {repeats} repeated times, "
        "{untimed} points without time and {garbled} garbled lines left out",
    ),
    "track_unordered": (
        "轨迹的点不按时间排列，已重新排序",
        "The track's points were not in order of time; they were sorted",
    ),
    "track_week_rollover": (
        "轨迹日期受 GPS 周数翻转影响，已加 {weeks} 周",
        "The track's dates suffer from the GPS week rollover; {weeks} weeks were added",
    ),
    "track_other_day": (
        "没有照片或视频的时间落在轨迹时段内，轨迹未起作用，请核对日期或 --tz",
        "No photo or video was taken during this track, so it places none; check the day or --tz",
    ),
}
