export function textOf(page: string): string {
  return page
    .replace(/<style>[\s\S]*?<\/style>|<script[\s\S]*?<\/script>|<code[\s\S]*?<\/code>/g, "")
    .replace(/<[^>]*>/g, "\n");
}
