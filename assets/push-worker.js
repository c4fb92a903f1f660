// Shows what the server pushes, also while no page is open. Registered only when somebody asks for it. It knows no person and
// keeps nothing: the text comes whole, and a repetition replaces itself by its tag.
self.addEventListener("push", (event) => {
  if (!event.data) return;
  const { title, body, path, tag, lang, dir } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, dir, icon: "/favicon.svg", data: { path } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.path || "/me/notifications", self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((open) => {
      const here = open.find((one) => new URL(one.url).origin === address.origin);
      return here ? here.navigate(address.href).then((one) => (one ?? here).focus()) : self.clients.openWindow(address.href);
    }),
  );
});
