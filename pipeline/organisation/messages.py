"""What loading an organisation says to people, in Chinese and English, with sheet and row."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, perhaps a sheet of it, perhaps a row or feature of that.

    `file` is empty for what concerns all that is known.
    """

    file: str
    sheet: str | None = None
    row: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.sheet, self.row) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a file, or worth knowing about it."""

    place: Place
    code: str
    message_zh: str
    message_en: str

    @property
    def path(self) -> str:
        """The place in one word."""
        return str(self.place)


def finding(place: Place, code: str, **fields: object) -> Finding:
    """What `code` says at `place`, its placeholders filled with `fields`.

    >>> finding(Place("a.xlsx", "单位", 3), "empty_cell", column="名称").message_zh
    '“名称”不能为空'
    """
    zh, en = _TEXTS[code]
    return Finding(place, code, zh.format(**fields), en.format(**fields))


_TEXTS: dict[str, tuple[str, str]] = {
    # files
    "unreadable": ("无法读取：{reason}", "cannot be read: {reason}"),
    "too_large": (
        "文件有 {megabytes} MB，超过上限 {limit} MB",
        "the file has {megabytes} MB, more than the limit of {limit} MB",
    ),
    "bomb": (
        "解压后有 {megabytes} MB，超过上限 {limit} MB，未打开",
        "unpacked it would have {megabytes} MB, more than the limit of {limit} MB; not opened",
    ),
    "old_excel": (
        "是旧版 .xls 格式，请另存为 .xlsx",
        "this is the old .xls format: save it as .xlsx",
    ),
    "encrypted": ("有打开密码，请去掉密码后另存", "it has a password: save it without one"),
    "not_excel": ("不是完好的 .xlsx 文件", "it is no sound .xlsx file"),
    "unknown_type": (
        "只接受 .xlsx 和 .geojson（.json）文件",
        "only .xlsx and .geojson (.json) files can be loaded",
    ),
    # sheets
    "unknown_sheet": (
        "不认识的表，未导入；可用的表名：{sheets}",
        "an unknown sheet, not loaded; known ones are {sheets}",
    ),
    "renamed_sheet": (
        "表头与“{title}”表相同，表名却不同：请把表名改回“{title}”",
        "its header is that of the sheet {title}: name the sheet {title} again",
    ),
    "sheet_twice": ("“{title}”表出现两次", "the sheet {title} stands twice"),
    "no_sheets": ("没有可以导入的表", "holds no sheet that can be loaded"),
    "no_header": (
        "前 {rows} 行中没有表头；应有的列：{columns}",
        "no header within the first {rows} rows; expected the columns {columns}",
    ),
    "missing_columns": ("表头缺少列：{columns}", "the header lacks the columns {columns}"),
    "column_twice": ("表头中“{column}”出现两次", "the column {column} stands twice"),
    "unknown_column": (
        "不认识的列“{column}”，未导入",
        "the column {column} is unknown and was not loaded",
    ),
    "too_many_rows": ("超过 {limit} 行", "more than {limit} rows"),
    "example_rows": ("{count} 行示例未导入", "{count} example rows were not loaded"),
    # cells
    "empty_cell": ("“{column}”不能为空", "{column} must not be empty"),
    "bad_date": (
        "“{column}”不是日期：“{value}”；请写作 2026-04-10",
        "{column} is no date: {value!r}; write it as 2026-04-10",
    ),
    "bad_number": (
        "“{column}”应为{what_zh}，实为“{value}”",
        "{column} must be {what_en}, got {value!r}",
    ),
    "bad_choice": (
        "“{column}”应为 {allowed} 之一，实为“{value}”",
        "{column} must be one of {allowed}, got {value!r}",
    ),
    "bad_category": (
        "“{column}”中没有名为“{value}”的问题类别",
        "{column}: there is no category {value!r}",
    ),
    "bad_hours": (
        "“{column}”应写作 04:00-07:30，实为“{value}”",
        "{column} must look like 04:00-07:30, got {value!r}",
    ),
    "formula_error": ("“{column}”的公式出错：{value}", "the formula in {column} fails: {value}"),
    "bad_code": (
        "“{column}”中的编号不能含空格、“/”或超过 64 个字：“{value}”",
        "the code in {column} must hold no blank or / and at most 64 characters: {value!r}",
    ),
    "dates_reversed": (
        "“{until}”早于“{start}”",
        "{until} lies before {start}",
    ),
    # rows
    "twice": (
        "与{other_zh}重复：“{identity}”的有效期重叠",
        "the same as {other_en}: {identity!r} is in force on the same days",
    ),
    "unknown_reference": (
        "“{column}”中的“{value}”在“{sheet}”表和已导入的数据中都没有",
        "{column}: {value!r} stands neither in the sheet {sheet} nor in what was loaded before",
    ),
    "reference_not_in_force": (
        "“{column}”中的“{value}”在这一行的有效期内没有启用",
        "{column}: {value!r} is not in force at any day of this row",
    ),
    "needs_unit": ("角色为“{role}”时必须填单位编号", "the role {role} needs a unit"),
    "needs_group": ("角色为“{role}”时必须填工作组编号", "the role {role} needs a group"),
    "other_name": (
        "用户“{user}”的姓名与{other_zh}不同",
        "the name of user {user!r} differs from {other_en}",
    ),
    "permit_needs_dates": (
        "许可必须填起止日期（区域可以不填）",
        "a permit needs both dates (a zone does not)",
    ),
    "half_circle": (
        "中心纬度、中心经度、半径三项须同时填写",
        "centre latitude, longitude and radius go together",
    ),
    # shapes
    "not_geojson": ("不是 GeoJSON：{reason}", "it is no GeoJSON: {reason}"),
    "foreign_crs": (
        "坐标系是 {crs}；请转换为 WGS-84 经纬度（EPSG:4326）或 CGCS2000 经纬度（EPSG:4490）",
        "its coordinates are {crs}; convert them to WGS-84 (EPSG:4326) or CGCS2000 (EPSG:4490)",
    ),
    "no_features": ("没有图形", "it holds no features"),
    "no_code": (
        "图形没有编号：属性“编号”为空",
        "the shape has no code: its property 编号 (or id) is empty",
    ),
    "shape_of_nothing": (
        "没有编号为“{value}”的单位、街路或许可",
        "there is no unit, street or permit with the code {value!r}",
    ),
    "shape_of_several": (
        "编号“{value}”既是{kinds}：请加属性“类型”（单位、街路或许可）",
        "{value!r} names several things ({kinds}): add a property 类型 (单位, 街路 or 许可)",
    ),
    "wrong_geometry": (
        "{what_zh}应为{wanted_zh}，实为 {got}",
        "a {what_en} needs a {wanted_en}, got {got}",
    ),
    "empty_shape": ("图形是空的", "the shape is empty"),
    "bad_coordinates": ("坐标无法读取", "its coordinates cannot be read"),
    "self_crossing": (
        "图形自相交或有误，位置约在北纬 {lat:.6f}、东经 {lon:.6f}（{reason}）",
        "the shape crosses itself or is broken near {lat:.6f}, {lon:.6f} ({reason})",
    ),
    "not_degrees": (
        "坐标不是经纬度（{x:.0f}，{y:.0f}）：请转换为 WGS-84 经纬度",
        "its coordinates are no degrees ({x:.0f}, {y:.0f}): convert them to WGS-84",
    ),
    "outside_china": (
        "图形在中国以外（东经 {x:.3f}，北纬 {y:.3f}）",
        "the shape lies outside China ({y:.3f}, {x:.3f})",
    ),
    "swapped": (
        "经度和纬度写反了：经度应在前（{x:.3f}，{y:.3f}）",
        "latitude and longitude are swapped: longitude comes first ({x:.3f}, {y:.3f})",
    ),
    # notes about the whole
    "areas_overlap": (
        "“{a}”与“{b}”的辖区重叠 {hectares:.2f} 公顷（占较小者 {percent:.1f}%）："
        "该处两个单位都会列出",
        "the areas of {a} and {b} overlap by {hectares:.2f} ha ({percent:.1f} % of the smaller): "
        "both units are proposed there",
    ),
    "no_shape": (
        "{count} 个{what_zh}没有图形，不会按位置找到：{ids}",
        "{count} of the {what_en} have no shape and are not found by position: {ids}",
    ),
    "not_covered": (
        "{count} 个街道（乡镇）没有工作组包保：{ids}",
        "{count} subdistricts or townships are covered by no group: {ids}",
    ),
    "covered_twice": (
        "“{unit}”由 {count} 个工作组包保：{groups}",
        "{unit} is covered by {count} groups: {groups}",
    ),
    "not_in_file": (
        "“{title}”表中没有、但系统里仍有效的 {count} 条保持不变：{ids}",
        "{count} that are in force but not in the sheet {title} stay as they are: {ids}",
    ),
    "refers_to_ended": (
        "“{value}”停用后仍有 {count} 条记录指向它：{ids}",
        "{value} ends while {count} rows still refer to it: {ids}",
    ),
}
