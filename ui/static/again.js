// The page that waits in a widget's frame asks again by itself: what stands behind "#" would make a refresh by <meta> go nowhere.
setTimeout(() => location.reload(), 2000);
