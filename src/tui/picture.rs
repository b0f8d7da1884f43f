//! A picture of the screen as SVG: text over coloured rectangles, in any monospace font, with a title for those who cannot see it.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::look::columns;

/// The size of a cell in pixels (our choice).
const CELL: (u32, u32) = (9, 18);
/// Around the screen.
const MARGIN: u32 = 12;
/// The colours of a terminal that says none.
const GROUND: Color = Color::Indexed(234);
const TEXT: Color = Color::Indexed(252);

/// How a run of cells looks.
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // Each is one attribute of a cell.
struct Paint {
    text: Color,
    ground: Color,
    bold: bool,
    italic: bool,
    struck: bool,
    dim: bool,
}

impl Paint {
    fn of(cell: &Cell) -> Self {
        let text = if cell.fg == Color::Reset { TEXT } else { cell.fg };
        let ground = if cell.bg == Color::Reset { GROUND } else { cell.bg };
        let (text, ground) = if cell.modifier.contains(Modifier::REVERSED) { (ground, text) } else { (text, ground) };
        Self {
            text,
            ground,
            bold: cell.modifier.contains(Modifier::BOLD),
            italic: cell.modifier.contains(Modifier::ITALIC),
            struck: cell.modifier.contains(Modifier::CROSSED_OUT),
            dim: cell.modifier.contains(Modifier::DIM),
        }
    }
}

/// A buffer as a picture.
pub fn svg(buffer: &Buffer, title: &str) -> String {
    let area = buffer.area;
    let width = u32::from(area.width) * CELL.0 + 2 * MARGIN;
    let height = u32::from(area.height) * CELL.1 + 2 * MARGIN;
    let screen_ground = buffer.cell((area.x, area.y)).map_or(GROUND, |cell| Paint::of(cell).ground);
    let mut grounds = String::new();
    let mut texts = String::new();
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let Some(paint) = buffer.cell((x, y)).map(Paint::of) else { break };
            let start = x;
            let mut run = String::new();
            // One run of equal paint; whatever is not ASCII stands alone, so that no font can push its neighbours away.
            while let Some(cell) = buffer.cell((x, y)).filter(|cell| x < area.right() && Paint::of(cell) == paint) {
                let symbol = cell.symbol();
                let alone = !symbol.is_ascii();
                if alone && !run.is_empty() {
                    break;
                }
                run.push_str(symbol);
                x += columns(symbol).max(1);
                if alone {
                    break;
                }
            }
            let left = MARGIN + u32::from(start - area.left()) * CELL.0;
            let top = MARGIN + u32::from(y - area.top()) * CELL.1;
            let run_width = u32::from(x - start) * CELL.0;
            if paint.ground != screen_ground {
                let fill = hex(paint.ground);
                let _ = writeln!(
                    grounds,
                    r#"<rect x="{left}" y="{top}" width="{run_width}" height="{}" fill="{fill}"/>"#,
                    CELL.1
                );
            }
            if !run.trim().is_empty() {
                text_run(&mut texts, &run, paint, (left, top + 14), run_width);
            }
        }
    }
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-labelledby="t">"#,
            "\n<title id=\"t\">{title}</title>\n",
            r#"<rect width="{w}" height="{h}" rx="8" fill="{ground}"/>"#,
            "\n<g shape-rendering=\"crispEdges\">\n{grounds}</g>\n",
            r#"<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="15" xml:space="preserve">"#,
            "\n{texts}</g>\n</svg>\n"
        ),
        w = width,
        h = height,
        title = escaped(title),
        ground = hex(screen_ground),
        grounds = grounds,
        texts = texts,
    )
}

fn text_run(out: &mut String, run: &str, paint: Paint, (x, y): (u32, u32), width: u32) {
    let mut more = String::new();
    if paint.bold {
        more.push_str(r#" font-weight="bold""#);
    }
    if paint.struck {
        more.push_str(r#" text-decoration="line-through""#);
    }
    if paint.italic {
        more.push_str(r#" font-style="italic""#);
    }
    if paint.dim {
        more.push_str(r#" opacity="0.6""#);
    }
    let _ = writeln!(
        out,
        r#"<text x="{x}" y="{y}" textLength="{width}" lengthAdjust="spacingAndGlyphs" fill="{}"{more}>{}</text>"#,
        hex(paint.text),
        escaped(run)
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A colour as HTML writes it. Of the 256 colours the upper 240 are fixed; the lower are the usual ones.
fn hex(color: Color) -> String {
    let (red, green, blue) = match color {
        Color::Rgb(red, green, blue) => (red, green, blue),
        Color::Indexed(index @ 16..=231) => {
            let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
            let index = index - 16;
            (level(index / 36), level(index / 6 % 6), level(index % 6))
        }
        Color::Indexed(index @ 232..) => {
            let grey = 8 + 10 * (index - 232);
            (grey, grey, grey)
        }
        Color::Black | Color::Indexed(_) => (0, 0, 0),
        _ => (208, 208, 208),
    };
    format!("#{red:02x}{green:02x}{blue:02x}")
}
